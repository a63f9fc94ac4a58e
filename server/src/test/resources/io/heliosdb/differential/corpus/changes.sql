# What applications write with.

== inserts
create table p(id serial primary key, sku text unique, qty int not null default 0, price numeric(8,2), note text, updated timestamp default '2024-01-01', constraint qty_ok check (qty >= 0))
insert into p(sku, qty, price) values ('a', 1, 1.5) returning id
insert into p(sku) values ('b'), ('c') returning id, sku, qty
insert into p default values returning *
insert into p(sku, qty) select 'd' || g, g from generate_series(1, 3) g
insert into p(sku, qty) select sku || '2', qty from p where sku like 'd%' order by id returning sku, qty
insert into p as t (sku, note) values ('e', 'n') returning t.id, upper(t.note) as n
insert into p(sku, qty, note) values ('f', default, null) returning qty, note
insert into p(sku) values ('a')
insert into p(sku, qty) values ('x', -1)
insert into p(sku, qty) values ('x', null)
insert into p(sku, qty) values ('x', 'abc')
insert into p(nosuch) values (1)
insert into p(sku, qty) values ('x')
insert into p(sku) values ('x', 1)
insert into p(sku, sku) values ('x', 'y')
insert into nosuch values (1)
insert into p(sku) values ('a') on conflict do nothing
insert into p(sku) values ('a') on conflict (sku) do nothing returning id
insert into p(sku, qty) values ('a', 5) on conflict (sku) do update set qty = p.qty + excluded.qty returning sku, qty
insert into p(sku, qty) values ('a', 7), ('g', 8) on conflict (sku) do update set qty = excluded.qty returning sku, qty
insert into p(sku, qty) values ('a', 9) on conflict (sku) do update set qty = excluded.qty where p.qty > 100 returning qty
insert into p(sku, qty) values ('a', 9) on conflict on constraint p_sku_key do update set qty = excluded.qty returning qty
insert into p(sku, qty) values ('a', 9) on conflict on constraint nosuch do nothing
insert into p(sku, qty) values ('a', 9) on conflict (qty) do nothing
insert into p(sku, qty) values ('a', 9) on conflict (sku) do update set (qty, note) = (excluded.qty, 'multi') returning qty, note
insert into p as t (sku, qty) values ('a', 1) on conflict (sku) do update set qty = t.qty + 1 returning qty
insert into p(sku, qty) values ('h', 1), ('h', 2) on conflict (sku) do update set qty = excluded.qty
insert into p(sku, qty) values ('i', 1), ('i', 2) on conflict (sku) do nothing returning sku, qty
insert into p(sku, qty) select 'a', 3 on conflict (sku) do update set qty = excluded.qty
insert into p(sku, qty) values ('a', 9) on conflict do update set qty = 1
insert into p(id, sku) values (100, 'k') on conflict (id) do update set sku = excluded.sku || '!' returning *
insert into p(id, sku) values (100, 'k') on conflict (id) do update set sku = excluded.sku || '!' returning id, sku
with s as (select 'w' as sku, 4 as qty) insert into p(sku, qty) select * from s returning sku
with s(a) as (values ('w2')) insert into p(sku) select a from s
with s as (select 1) insert into p(sku) values ('w3') returning sku
insert into p(sku, qty) values ('z', (select count(*) from p)) returning sku
insert into p(sku, updated) values ('t', now()) returning updated is not null
insert into p(sku, price) values ('pr', 1.005), ('ps', '2.5') returning price
insert into p(price) values (12345678.9)
insert into p(sku, qty) values ('big', 99999999999)
insert into p(sku) values ('ret') returning nosuch
insert into p(sku) values ('ret') returning (id > 0) as ok, 'x' as lit, now() is not null
insert into p values (200, 'v', 1, 2, 'n', '2024-02-02 02:02') returning *
insert into p(id, sku, qty) overriding system value values (201, 'ov', 1) returning id
select sku, qty, price, note from p order by id

== updates
create table u(id int primary key, a int, b text, c numeric(6,2), d jsonb, e text[], f timestamptz)
create table v(id int primary key, uid int, delta int)
insert into u values (1, 10, 'x', 1, '{"a": 1}', '{p}', '2024-01-01 00:00+00'), (2, 20, 'y', 2, '{}', '{}', null), (3, 30, 'z', 3, null, null, null)
insert into v values (1, 1, 5), (2, 2, 6), (3, 9, 7)
update u set a = a + 1 where id = 1
update u set a = a + 1, b = upper(b) where id < 3 returning id, a, b
update u set (a, b) = (5, 'five') where id = 2 returning a, b
update u set (a, b) = (select delta, 'sub' from v where v.uid = u.id) where id = 1 returning a, b
update u set a = (select delta from v where v.uid = u.id) where id in (1, 2) returning id, a
update u as t set a = t.a * 2 where t.id = 3 returning t.a
update u set a = u.a + v.delta from v where v.uid = u.id
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
update u set a = u.a + v.delta from v where v.uid = u.id returning u.id, u.a, v.delta
update u x set b = y.delta::text from v y where y.uid = x.id and y.delta > 5 returning x.id, x.b
update u set a = s.n from (select uid, sum(delta) n from v group by uid) s where s.uid = u.id
update u set a = n.x from (values (1, 100), (2, 200)) as n(id, x) where n.id = u.id returning u.id, u.a
update u set d = d || '{"b": 2}' where id = 1 returning d
update u set d = jsonb_set(d, '{a}', '5') where id = 1 returning d
update u set d = d - 'b' where id = 1 returning d
update u set e = array_append(e, 'q') where id = 1 returning e
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
update u set e = e || 'r' where id = 1 returning e
differs: arrays have one dimension
update u set e[1] = 'changed' where id = 1 returning e
differs: arrays have one dimension
update u set e = array_remove(e, 'q') where id = 1 returning e
update u set f = now() where id = 1 returning f is not null
update u set c = c * 1.1 returning c
update u set a = default where id = 3 returning a
update u set nosuch = 1
update u set a = 'x'
update u set id = 1 where id = 2
update nosuch set a = 1
update u set u.a = 1
update u set a = 1, a = 2
update u set a = 0 where nosuch = 1
update only u set a = 1 where id = 1
with s as (select id from u where id = 1) update u set a = 77 where id in (select id from s) returning a
with s as (select 1 as id, 78 as n) update u set a = s.n from s where s.id = u.id returning u.a
with d as (delete from v where id = 3 returning *) select id, delta from d
with i as (insert into v values (4, 1, 8) returning id, delta) select * from i
with x as (update v set delta = delta + 1 where uid = 1 returning id, delta) select * from x order by id
with d as (delete from v where id = 4 returning *) insert into v select id + 10, uid, delta from d returning *
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
with d as (delete from v where id = 14 returning uid) update u set a = 0 from d where d.uid = u.id returning u.id, u.a
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
with a as (insert into v values (20, 1, 1) returning id), b as (insert into v values (21, 2, 1) returning id) select a.id, b.id from a, b
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
with a as (insert into v values (22, 1, 1)) select 1
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
with n as (insert into u(id, a) values (50, 1) returning id), m as (insert into v(id, uid, delta) select 51, n.id, 5 from n returning *) select n.id, m.uid from n, m
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
with gone as (delete from u where id = 50 returning id) delete from v using gone where v.uid = gone.id returning v.id
differs: another error, type or form than PostgreSQL's
select * from v order by id
differs: another error, type or form than PostgreSQL's
select id, a, b from u order by id

== deletes
create table a(id int primary key, n int)
create table b(id int primary key, aid int references a(id) on delete cascade)
create table c(id int primary key, aid int references a(id))
insert into a select g, g * 10 from generate_series(1, 8) g
insert into b values (1, 1), (2, 2), (3, 3)
insert into c values (1, 4)
delete from a where id = 1
delete from a where id = 2 returning *
delete from a where id = 4
delete from a using b where b.aid = a.id
differs: changes in WITH, and RETURNING of UPDATE … FROM and DELETE … USING, have the bounds said above
delete from a x using c y where y.id + 4 = x.id returning x.id, y.id as cid
delete from a where id in (select id from a order by id limit 1) returning id
with t as (select 7 as id) delete from a where id in (select id from t)
with t as (select 8 as id) delete from a using t where t.id = a.id returning a.*
delete from a as x where x.id = 6 returning x.n
delete from nosuch
delete from a where nosuch = 1
delete a
differs: another error, type or form than PostgreSQL's
select * from a order by id
select count(*) from b
truncate c
truncate a, b, c
truncate a
truncate a cascade
truncate table a, b, c restart identity cascade
truncate nosuch
delete from a

== merge and queues
create table m(id int primary key, v text, n int default 0)
create table s(id int, v text)
insert into m values (1, 'one', 1), (2, 'two', 2)
insert into s values (2, 'TWO'), (3, 'THREE')
merge into m using s on m.id = s.id when matched then update set v = s.v when not matched then insert (id, v) values (s.id, s.v)
merge into m using s on m.id = s.id when matched and m.id = 3 then delete when matched then do nothing
merge into m as t using (values (1, 'uno')) as x(id, v) on t.id = x.id when matched then update set v = x.v, n = t.n + 1 when not matched then insert values (x.id, x.v)
select * from m order by id
create table jobs(id serial primary key, state text default 'ready', payload jsonb, run_at timestamptz default now(), tries int default 0)
insert into jobs(payload) select jsonb_build_object('n', g) from generate_series(1, 4) g
update jobs set state = 'running', tries = tries + 1 where id = (select id from jobs where state = 'ready' order by id for update skip locked limit 1) returning id, payload
update jobs set state = 'running' where id in (select id from jobs where state = 'ready' order by id limit 2 for update skip locked) returning id
with next as (select id from jobs where state = 'ready' order by id limit 1 for update skip locked) update jobs set state = 'done' from next where jobs.id = next.id returning jobs.id
with done as (delete from jobs where state = 'done' returning *) select count(*) from done
select state, count(*) from jobs group by state order by state
delete from jobs where run_at < now() + interval '1 hour' returning id

== transactions
create table t(id int primary key, n int)
begin
insert into t values (1, 1)
savepoint s1
insert into t values (1, 2)
rollback to s1
insert into t values (2, 2)
release s1
commit
select * from t order by id
begin isolation level serializable read only
insert into t values (3, 3)
rollback
start transaction
update t set n = n + 1
abort
end
begin
select 1/0
select 1
rollback
set local statement_timeout = '1s'
show transaction_isolation
set transaction isolation level read committed
select * from t order by id
