# What migrations and applications do with sequences, enumerations, domains, tables that refer to each other, arrays and texts.

== values of sequences
create sequence sq
select nextval('sq'), nextval('sq')
select setval('sq', 100), nextval('sq')
select setval('sq', 100, false), nextval('sq')
select last_value, is_called from sq
select s.last_value from sq s
select nextval('sq'::regclass)
select currval('sq'), lastval()
create table t(id serial primary key, v text, n int default nextval('sq'::regclass))
insert into t(v) values ('a') returning id, n
select nextval('t_id_seq'), currval('t_id_seq')
select setval(pg_get_serial_sequence('t', 'id'), coalesce(max(id), 1), max(id) is not null) from t
insert into t(v) values ('b') returning id
select last_value, is_called from t_id_seq
select setval('t_id_seq', (select max(id) from t))
insert into t(v) values ('c') returning id
select nextval('nosuch')
select nextval('t')
select setval('sq', 0)
select setval('sq', null)
select currval('sq') from t
select nextval('sq') from generate_series(1, 3)
create sequence short maxvalue 3
select setval('short', 3)
select nextval('short')
select setval('short', 3, false)
select nextval('short')
create sequence down increment -1
select nextval('down'), nextval('down')
select setval('down', -10)
select nextval('down')
begin read only
select nextval('sq')
rollback
begin
select setval('sq', 500)
rollback
select nextval('sq')
select nextval('"sq"')
select nextval(s) from (values ('sq')) v(s)
insert into t(v, n) select 'x', nextval('sq') from generate_series(1, 2) returning n
create table moved(id bigint primary key)
create sequence moved_id_seq owned by moved.id
select setval('moved_id_seq', 41, true)
alter table moved alter column id set default nextval('moved_id_seq')
insert into moved default values returning id
select last_value from nosuchseq

== tables that are emptied
create table a(id int primary key, p int references a)
create table b(id serial primary key, a int references a)
create table c(id serial primary key, b int references b)
create table lone(id serial primary key)
insert into a values (1, null), (2, 1)
insert into b(a) values (1), (2)
insert into c(b) values (1)
insert into lone default values
truncate a
truncate a, b
truncate a, b, c, lone
select count(*) from a, b, c, lone
insert into a values (1, null), (2, 1)
insert into b(a) values (1) returning id
insert into lone default values returning id
truncate table a restart identity cascade
select (select count(*) from a), (select count(*) from b), (select count(*) from c), (select count(*) from lone)
insert into a values (1, null)
insert into b(a) values (1) returning id
truncate only lone restart identity restrict
truncate nosuch
truncate lone, lone
truncate c, b, a continue identity
truncate table lone cascade foo
truncate
insert into lone default values returning id
truncate a, b restart identity cascade
insert into a values (7, null) returning id

== enumerations that change
create type mood as enum ('sad', 'ok', 'happy')
create table person(name text, m mood default 'ok', primary key(name))
insert into person values ('a', 'happy'), ('b', 'sad')
insert into person(name) values ('c')
select * from person order by m
alter type mood add value 'ecstatic'
alter type mood add value 'ecstatic'
alter type mood add value if not exists 'ecstatic'
alter type mood add value 'meh' after 'sad'
alter type mood add value 'x' before 'nosuch'
alter type nosuch add value 'x'
insert into person values ('e', 'ecstatic'), ('d', 'meh')
insert into person(name) values ('f')
select * from person order by m, name
select max(m), min(m) from person
alter type mood rename value 'ecstatic' to 'glad'
alter type mood rename value 'nosuch' to 'glad'
alter type mood rename value 'sad' to 'ok'
select * from person order by m, name
alter type mood rename to feeling
select m::feeling as x, m::text as y, 'sad'::feeling as z from person where m = 'glad'
select * from (select m from person) s order by m
select m, count(*) from person group by m order by m
select m from person union select m from person order by 1
select case when m = 'sad' then m end from person where name = 'b'
update person set m = 'glad' where m > 'ok' returning m
update person set m = 'bad'
select * from person where m in ('glad', 'sad') order by name
select distinct m from person order by m
with x as (select m from person) select max(m) from x
insert into person values ('z', 'sad') returning *
select enumlabel from pg_enum e join pg_type t on t.oid = enumtypid where typname = 'feeling' order by enumsortorder
select name from person where m = 'sad'::feeling order by 1
drop type feeling
drop table person
drop type feeling

== domains
create domain email as text not null constraint has_at check (value like '%@%')
create domain posint as int check (value > 0)
create domain pct as numeric(5,2) default 0 check (value >= 0) check (value <= 100)
create table dt(a posint, b email, p pct)
insert into dt values (1, 'a@b')
insert into dt values (-1, 'a@b')
insert into dt values (1, 'ab')
insert into dt(a) values (1)
insert into dt values (2, 'c@d', 101)
insert into dt values (2, 'c@d', 100) returning *
select a + 1, b || 'x', p from dt order by 1
update dt set b = 'nobody'
update dt set b = null
alter domain posint drop constraint posint_check
insert into dt values (-1, 'a@b')
alter domain posint add constraint small check (value < 1000)
insert into dt values (1000, 'a@b')
alter domain email rename to address
insert into dt values (3, 'e')
create table dt2(b address)
insert into dt2 values (null)
alter domain address drop not null
differs: NOT NULL of a domain that was renamed stays
insert into dt2 values (null)
alter domain nosuch drop constraint x

== arrays in place
create table ar(id int primary key, n int, e text[], k int[])
insert into ar values (1, 1, '{p,q}', '{1,2,3}'), (2, 2, null, null)
update ar set e[1] = 'changed' where id = 1 returning e
update ar set e[4] = 'x', n = 3 where id = 1 returning e, n
update ar set e[1] = 'n' where id = 2 returning e
update ar set k[2] = k[2] * 10 where id = 1 returning k
update ar set k[n] = 7 where id = 1 returning k
update ar set ar.n = 1
update ar set n = 1, n = 2
update ar set e[0] = 'x' where id = 3
select array_fill(0, array[3]), array_fill('x'::text, array[2])
select array_fill(7, '{}'::int[])
select array_length(1, 1)
select id from ar order by id using >
select id from ar order by id using <

== texts and hashes
select regexp_match('abc', 'x')
select regexp_match('abc123', '([a-z]+)(\d+)')
select regexp_matches('foobarbaz', 'b(..)', 'g')
differs: functions of texts that are missing or have fewer forms
select * from regexp_matches('a1b2', '[a-z](\d)', 'g') as m
select regexp_matches('abc', 'b')
select regexp_matches('abc', 'x')
select format('%2$s %1$s', 'a', 'b'), format('|%10s|%-5s|', 'a', 'b')
select format('%*s', 5, 'x'), format('%-*s|', 5, 'x'), format('%s %I %L %%', 'a', 'b c', 'd''e')
select format('%1$s %s', 'a', 'b'), format('%s', null), format('%L', null)
select format('%s')
select format('%x', 1)
select format('INSERT INTO %I VALUES (%L)', 'My Table', 'it''s')
select unistr('\0041\\b'), normalize('a')
select unistr('\004')
select chr(0)
select chr(65), chr(8364)
select hashtext('x'), hashtext('a longer text to hash with more'), hashtext('twelve bytes'), hashtext('')
select make_timestamptz(2024, 5, 6, 10, 11, 12.5), make_timestamptz(2024, 5, 6, 10, 11, 12.5, 'Europe/Berlin')
select length(123)
select upper(1)
select generate_series(1, 2, 0)
select pg_try_advisory_xact_lock(hashtext('jobs'))
select encode(sha256('a'), 'hex') = encode(sha256('b'), 'hex')

== statements that say too much or too little
create table u(id int primary key, v text)
insert into u values (1, 'a'), (2, 'b')
select row_number() from u
select rank() from u
select row_number() over (order by id desc) from u order by 1
select percentile_cont(0.5) within group (order by id) as m from u
select x.id from u
select u.id from u where nosuch.id = 1
select u.nosuch from u
with t as (select 1), t as (select 2) select 1
explain (nonsense) select 1
create table bad(a int default 'x')
create table bad(a uuid default 'x')
create table good(a int default '7', b numeric default '1.5')
insert into good default values returning *
select distinct u.id as i, u.v as w from u order by id desc
select distinct u.id as ids_u_id from u order by id limit 1
merge into u as t using (values (1, 'uno'), (3, 'tres')) as x(id, v) on t.id = x.id when matched then update set v = x.v when not matched then insert values (x.id, x.v)
select * from u order by id
create extension if not exists "uuid-ossp"
create extension if not exists pgcrypto
