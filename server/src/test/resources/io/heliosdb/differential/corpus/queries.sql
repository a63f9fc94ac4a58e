# What applications read with. One statement a line; lines that begin with blanks go on with the one before. A section has a
# session and a schema of its own. "differs:" before a statement says why it is answered otherwise than by PostgreSQL 15.

== a shop
create table users(id serial primary key, email text unique not null, name varchar(50), tags text[] default '{}', meta jsonb, active boolean default true, created_at timestamptz default '2024-01-15 10:00:00+00', score numeric(6,2) default 0)
create table orders(id bigint generated always as identity primary key, user_id int references users(id) on delete cascade, total numeric(10,2) not null check (total >= 0), status text not null default 'new', placed date, items int[])
insert into users(email, name, tags, meta, active) values ('a@x.org', 'Ann', '{a,b}', '{"k": [1,2,3], "city": "Bern", "n": {"d": 5}}', true), ('b@x.org', 'Bob', '{b}', '{"city": "Rome"}', false), ('c@x.org', 'Cyd', '{}', null, true), ('d@x.org', null, null, '{}', true)
insert into orders(user_id, total, status, placed, items) values (1, 10, 'paid', '2024-01-01', '{1,2}'), (1, 20.5, 'new', '2024-01-02', '{3}'), (2, 5, 'paid', '2024-02-01', '{}'), (3, 7.25, 'void', '2024-02-29', null)
select * from users order by id
select * from orders order by id
select u.name, o.total from users u join orders o on o.user_id = u.id order by o.id
select u.name, count(o.id) from users u left join orders o on o.user_id = u.id group by u.id, u.name order by u.id
select u.*, o.id as oid from users u, orders o where u.id = o.user_id and o.total > 6 order by o.id
select name from users where id in (select user_id from orders where status = 'paid') order by name
select name from users u where exists (select 1 from orders o where o.user_id = u.id and o.total > 10)
select name from users u where not exists (select from orders o where o.user_id = u.id)
select status, sum(total), avg(total), min(placed), max(placed) from orders group by status having sum(total) > 5 order by status
select distinct status from orders order by status
select distinct on (user_id) user_id, id, total from orders order by user_id, total desc
select distinct on (status) * from orders order by status, id desc
select count(*), count(name), count(distinct active) from users
select count(*) filter (where active), sum(score) filter (where not active) from users
select id, total, row_number() over (order by total desc), rank() over (partition by status order by total), sum(total) over (order by id) from orders order by id
select id, lag(total) over (order by id), lead(total, 1, 0) over (order by id), first_value(total) over w, last_value(total) over w from orders window w as (order by id rows between unbounded preceding and unbounded following) order by id
select id, sum(total) over (order by id rows between 1 preceding and current row), avg(total) over (order by placed range between interval '1 day' preceding and current row) from orders order by id
select id, ntile(2) over (order by id), dense_rank() over (order by status), percent_rank() over (order by id), cume_dist() over (order by id), nth_value(total, 2) over (order by id) from orders order by id
select id, count(*) over (), count(*) over (partition by user_id) from orders order by id limit 2
select id from orders order by total desc nulls last limit 2 offset 1
select id from orders order by 1 fetch first 2 rows only
select id from orders order by 1 offset 1 rows fetch next row only
select id from orders order by status, id limit all
select * from (values (1, 'one'), (2, 'two')) as t(n, word) order by n
values (1, 'a'), (2, 'b') order by 1 desc
table users order by id limit 1
select id from users union select user_id from orders order by 1
select id from users except select user_id from orders order by 1
differs: another error, type or form than PostgreSQL's
select id from users intersect all select user_id from orders order by 1
(select id from users order by id limit 1) union all (select id from orders order by id desc limit 1)
with o as (select user_id, sum(total) t from orders group by user_id) select u.name, o.t from users u join o on o.user_id = u.id order by 1
with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select sum(i), count(*) from n
with recursive n as (select 1 as i union all select i * 2 from n where i < 50) select i from n order by i desc limit 3
with a as materialized (select 1 as x), b as not materialized (select x + 1 as y from a) select * from a, b
select case when total > 10 then 'big' when total > 6 then 'mid' else 'small' end as size, count(*) from orders group by 1 order by 1
select case status when 'paid' then 1 else 0 end from orders order by id
select coalesce(name, 'nobody'), nullif(name, 'Ann') from users order by id
select greatest(1, 2, 3), least(3.5, 2), greatest('a', 'b')
select name || ' <' || email || '>' from users where name is not null order by id
select * from users where name ilike 'a%' or email like '%b@%' order by id
select id from users where email ~ '^[ab]@' order by id
select id from users where (name, active) = ('Ann', true)
select id from orders where (user_id, status) in ((1, 'paid'), (2, 'paid')) order by id
select id from orders where total between 5 and 10 order by id
select id from orders where total not between 5 and 10 order by id
select id from users where active is true order by id
select id from users where active is not true order by id
select id from users where name is distinct from 'Ann' order by id
select id from users where 'b' = any(tags) order by id
select id from users where id = any('{1,3}') order by id
select id from users where id = any(array[1,3]) order by id
select id from users where id <> all(array[1,3]) order by id
select id from users where tags @> array['b'] order by id
select id from users where tags && array['a','z'] order by id
select id from users where tags <@ array['a','b','c'] order by id
select id, array_length(tags, 1), cardinality(tags) from users order by id
select id, tags[1], tags[1:1] from users order by id
select id, meta->>'city', meta->'k'->0, meta#>>'{n,d}', meta->'k' from users order by id
select id from users where meta @> '{"city": "Bern"}'
select id from users where meta ? 'city' order by id
select id from users where meta->>'city' = 'Rome'
select id from users where (meta->'n'->>'d')::int = 5
select (select max(total) from orders where user_id = u.id) from users u order by id
select id, (select count(*) from orders o where o.user_id = u.id) as n from users u order by n desc, id
select u.id, t.x from users u, unnest(u.tags) as t(x) order by 1, 2
select u.id, x from users u, unnest(u.tags) x order by 1, 2
select u.id, x from users u cross join unnest(u.tags) as x order by 1, 2
select u.id, x from users u left join lateral unnest(u.tags) as x on true order by 1, 2
select u.id, t.x, t.n from users u cross join lateral unnest(u.tags) with ordinality as t(x, n) order by 1, 3
select u.id, e from users u, jsonb_array_elements(u.meta->'k') e order by 1, 2
select u.id, e from users u, jsonb_array_elements_text(u.meta->'k') e order by 1, 2
differs: json functions and operators of rows, records and paths, and json printed as it was written
select u.id, kv.key, kv.value from users u, jsonb_each(u.meta) kv order by 1, 2
differs: json functions and operators of rows, records and paths, and json printed as it was written
select u.id, kv.key, kv.value from users u, jsonb_each_text(u.meta) as kv order by 1, 2
select u.id, k from users u, jsonb_object_keys(u.meta) k order by 1, 2
differs: LATERAL takes functions of arrays, and no subqueries
select u.name, l.total from users u cross join lateral (select total from orders o where o.user_id = u.id order by total desc limit 1) l order by 1
differs: LATERAL takes functions of arrays, and no subqueries
select u.name, l.total from users u left join lateral (select total from orders o where o.user_id = u.id order by total desc limit 1) l on true order by u.id
select u.id, g from users u, generate_series(1, u.id) g where u.id < 3 order by 1, 2
select unnest(tags) from users order by 1
select id, unnest(tags) as tag from users order by 1, 2
select unnest(array[1,2,3])
select unnest(array[1,2]), unnest(array['a','b'])
select * from unnest(array[1,2], array['a','b','c']) as t(a, b)
select * from unnest(array['x','y']) with ordinality
select * from unnest(array['x','y']) with ordinality as t(v, i)
select array_agg(name order by name desc) from users where name is not null
select string_agg(name, ', ' order by id) from users
select string_agg(distinct status, ',' order by status) from orders
select array_agg(distinct status order by status) from orders
select json_agg(name order by id) from users where id < 3
select jsonb_agg(id order by id) from users
select json_object_agg(name, id) from users where id = 1
select jsonb_object_agg(email, id) from users
select row_to_json(o) from (select id, total from orders where id = 1) o
select to_jsonb(o) from (select id, total from orders where id = 1) o
select json_build_object('id', id, 'tags', tags) from users where id = 1
select jsonb_build_object('id', id, 'meta', meta) from users where id = 2
select bool_and(active), bool_or(active), every(active) from users
select mode() within group (order by status), percentile_cont(0.5) within group (order by total), percentile_disc(0.5) within group (order by total) from orders
select stddev(total) is not null, variance(total) is not null, corr(id, total) is not null from orders
select array(select id from users order by id)
differs: ROLLUP, CUBE and GROUPING SETS are 0A000
select status, user_id, sum(total) from orders group by rollup(status, user_id) order by 1, 2, 3
differs: ROLLUP, CUBE and GROUPING SETS are 0A000
select status, user_id, sum(total) from orders group by grouping sets ((status), (user_id), ()) order by 1, 2, 3
differs: ROLLUP, CUBE and GROUPING SETS are 0A000
select status, user_id, count(*), grouping(status, user_id) from orders group by cube(status, user_id) order by 4, 1, 2
select date_trunc('month', placed) as m, sum(total) from orders group by m order by m
differs: arrays have one dimension
select extract(year from placed), extract(month from placed), count(*) from orders group by 1, 2 order by 1, 2
select placed + 1, placed - 1, placed + interval '1 month' from orders order by id
select placed - date '2024-01-01' from orders order by id
select max(placed) - min(placed) from orders
select created_at + interval '1 day', created_at - interval '2 hours' from users where id = 1
select created_at::date, created_at::time, date(created_at) from users where id = 1
select created_at at time zone 'America/New_York' from users where id = 1
differs: an interval has months, or days and times, not both
select age(timestamp '2024-03-01', timestamp '2024-01-15'), age(date '2024-03-01', date '2023-01-15')
select to_char(created_at, 'YYYY-MM-DD HH24:MI:SS'), to_char(total, '999.99') from users, orders where users.id = 1 and orders.id = 1
select u.name from users u natural join (select id from orders) o order by 1
select u.name, o.total from users u join orders o using (id) order by 1
differs: FULL JOIN is a syntax error
select * from users u full join orders o on o.id = u.id + 2 order by u.id, o.id
select a.id, b.id from users a cross join users b where a.id < b.id order by 1, 2
select id from users for update
select id from users where id = 1 for update skip locked
select id from users where id = 1 for no key update nowait
select id from users where id = 1 for share
select 1 from users where false
select ctid is not null from users where id = 1
differs: another error, type or form than PostgreSQL's
select u from users u where id = 3
differs: another error, type or form than PostgreSQL's
select (u).name from users u where id = 1
select users.id, users.name from users where users.id = 1
select public.nosuch.id from users
select nosuch from users
select u.nosuch from users u
select * from nosuch
select x.id from users u
select nosuch(1)
select id from users order by nosuch
select id, name from users group by id
select name, count(*) from users
select * from users where id = 'abc'
select 'abc'::int
select id from users where name = 1
select id + 'a' from users
select * from users limit -1
select * from users limit 'x'
select sum(name) from users
select id from users where
select from users where id = 1
select , from users
selct 1
select 1 as
select "id" from "users" where "id" = 1
select "ID" from users
select 1 "a b", 2 as "select"
differs: another error, type or form than PostgreSQL's
select users.id from users u
select count(*) from users where count(*) > 1
select id from users union select id, name from users
differs: another error, type or form than PostgreSQL's
select id from users union select name from users
select array[1, 'a']
differs: a number is a truth value and a text where SQLite says so
select 1 where 1
differs: a number is a truth value and a text where SQLite says so
select not 1
select id from users having id > 1
select u.id from users u join orders o on o.user_id = u.id and o.nope = 1
select id as x from users where x = 1
select id as x from users order by x desc limit 1
select id as x, count(*) from users group by x order by x limit 1
select (select id from users)
differs: another error, type or form than PostgreSQL's
select (select id, name from users where id = 1)
select 1 in (1, 2), 3 not in (1, 2), null in (1), 1 in (null, 1)
differs: a number is a truth value and a text where SQLite says so
select * from users u join orders o on u.id
differs: another error, type or form than PostgreSQL's
select * from users as u(a, b) order by a limit 1
select avg(sum(total)) from orders
select row_number() from orders
select * from (select 1)
select 1; select 2
select ''''
select 'unterminated
select 1 /* comment */ + 1 -- end
select $$dollar$$, $a$nested $$ x$a$, E'a\nb', U&'\0041'
select 1::bigint, 1::smallint, 1.5::real, 'x'::varchar(3), 'abcdef'::varchar(3), 'ab'::char(4), true::int
differs: EXPLAIN shows the engine's plan, and has no ANALYZE, options and EXECUTE
explain select * from users
differs: json functions and operators of rows, records and paths, and json printed as it was written
explain (format json) select * from users
differs: EXPLAIN shows the engine's plan, and has no ANALYZE, options and EXECUTE
explain analyze select 1
differs: EXPLAIN shows the engine's plan, and has no ANALYZE, options and EXECUTE
explain (analyze, buffers) select 1
explain (nonsense) select 1

== a tree, and hierarchies
create table cat(id int primary key, parent int references cat, name text)
insert into cat values (1, null, 'root'), (2, 1, 'a'), (3, 1, 'b'), (4, 2, 'a1'), (5, 4, 'a11')
with recursive t as (select id, parent, name, 0 as depth, name as path from cat where parent is null union all select c.id, c.parent, c.name, t.depth + 1, t.path || '/' || c.name from cat c join t on c.parent = t.id) select id, depth, path from t order by path
with recursive t(id) as (select 5 union all select c.parent from cat c join t on c.id = t.id where c.parent is not null) select * from t order by id
with recursive t as (select id, array[id] as path from cat where parent is null union all select c.id, t.path || c.id from cat c join t on c.parent = t.id) select * from t order by path
with recursive t(id, n) as (select id, 1 from cat where id = 1 union select c.id, n + 1 from cat c, t where c.parent = t.id) select max(n) from t
select p.name, array_agg(c.name order by c.name) from cat p join cat c on c.parent = p.id group by p.name order by 1
select c.name, p.name from cat c left join cat p on p.id = c.parent order by c.id
with t as (select 1 as x) select x from t union all select x + 1 from t
with x as (select * from cat where id < 3), y as (select * from x where id > 1) select count(*) from x, y
delete from cat where id = 1
select lpad('', (id - 1) * 2, ' ') || name from cat order by id
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
with t(a, a) as (select 1, 2) select 1
with t as (select 1), t as (select 2) select 1
with t as (select 1 as i) select * from u
