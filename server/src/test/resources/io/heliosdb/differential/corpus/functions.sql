# What expressions call.

== texts
select length('abc')
select upper('abc')
select lower('ABC')
select initcap('hello world')
select trim('  a ')
select ltrim('xxa', 'x')
select rtrim('a  ')
select substring('hello' from 2 for 3)
select substring('hello', 2)
select substr('hello', 2, 2)
select substring('foobar' from 'o.b')
differs: arrays have one dimension
select substring('foobar' similar '%#"o_b#"%' escape '#')
select position('l' in 'hello')
select strpos('hello', 'l')
select replace('aaa', 'a', 'b')
select translate('123', '12', 'ab')
select reverse('abc')
select repeat('ab', 2)
select lpad('5', 3, '0')
select rpad('5', 3, 'x')
select left('hello', 2)
select right('hello', 2)
select left('hello', -2)
select split_part('a,b,c', ',', 2)
select split_part('a,b,c', ',', -1)
select concat('a', 1, null, true)
select concat_ws('-', 'a', null, 'b')
select 'a' || 1 || 'b'
select format('%s %I %L %%', 'a', 'b c', 'd''e')
select format('%2$s %1$s', 'a', 'b')
select format('|%10s|%-5s|', 'a', 'b')
select ascii('a')
select chr(97)
select md5('a')
select encode('abc', 'base64')
select encode('abc', 'hex')
select decode('YWJj', 'base64')
select decode('616263', 'hex')
select encode(E'\\x00ff', 'escape')
select sha224('a')
select sha256('abc'::bytea)
select encode(sha256('abc'), 'hex')
select length(sha512('a'))
select encode(sha384('a'), 'hex')
select regexp_replace('foobar', 'o+', 'X')
select regexp_replace('aAa', 'a', 'x', 'gi')
select regexp_replace('John Smith', '(\w+) (\w+)', '\2 \1')
select regexp_match('foobarbaz', 'b(..)')
select regexp_match('abc', 'x')
select regexp_matches('foobarbaz', 'b(..)', 'g')
differs: functions of texts that are missing or have fewer forms
select * from regexp_matches('a1b2', '[a-z](\d)', 'g') as m
select regexp_split_to_array('a, b,c', ',\s*')
select regexp_count('abcabc', 'b')
select regexp_instr('abc', 'c')
select regexp_substr('abc123', '\d+')
select regexp_like('Abc', 'abc', 'i')
select regexp_split_to_table('a b c', ' ')
select * from regexp_split_to_table('a,b', ',') as x
select string_to_array('a,b,c', ',')
select string_to_array('a,,c', ',', '')
select string_to_array('abc', null)
select array_to_string(array['a', null, 'b'], ',')
select array_to_string(array[1, null, 3], ',', '*')
select string_to_table('a,b', ',')
select 'abc' like '_b%'
select 'abc' not like 'x%'
select 'ABC' ilike 'abc'
select 'a%c' like 'a\%c'
select 'abc' ~ 'b'
select 'abc' !~ 'b'
select 'ABC' ~* 'b'
select 'abc' similar to '%(b|d)%'
select 'a_c' like 'a!_c' escape '!'
select 'a' < 'b'
select 'a' = 'a '
select 'abc' > 'abd'
select 'Z' < 'a'
select 'ä' > 'z'
select quote_ident('a b')
select quote_literal('a''b')
select quote_nullable(null)
select to_hex(255)
select starts_with('abc', 'ab')
select 'abc' ^@ 'ab'
select bit_length('a')
select octet_length('ä')
select char_length('ä')
select overlay('abcdef' placing 'XX' from 2 for 3)
select btrim('xax', 'x')
select trim(both 'x' from 'xax')
select trim(leading from '  a')
select normalize('a')
select unistr('\0041')
select to_char(1234.5, '9,999.99')
select to_char(0.5, '0.00')
select to_char(12, '00000')
select to_char(-5, 'S99')
select to_char(1234567, 'FM9,999,999')
differs: to_char, to_number and constants of moments have fewer forms
select to_char(0.1234, 'FM990.00%')
select to_char(485, 'RN')
differs: to_char, to_number and constants of moments have fewer forms
select to_char(12.3, 'L99.9')
differs: to_char, to_number and constants of moments have fewer forms
select to_number('1,234.50', '9,999.99')
differs: to_char, to_number and constants of moments have fewer forms
select to_number('-12', 'S99')
select '\x616263'::bytea
select 'abc'::bytea
select convert_from('abc'::bytea, 'UTF8')
select convert_to('abc', 'UTF8')
select get_byte('abc'::bytea, 1)
select length('abc'::bytea)
differs: functions of texts that are missing or have fewer forms
select substring('abc'::bytea from 2)
select 'a'::bytea || 'b'::bytea
select 'abc'::text collate "C" < 'abd'
select lower('ÀÉ')
differs: functions of texts that are missing or have fewer forms
select upper('straße')
select casefold('A')
select length(123)
select upper(1)
select 'a' + 1
select 'a' * 2
select 'a' || 1
select substring('abc', 0)
select substring('abc', -1, 3)
select repeat('a', -1)
select chr(0)

== numbers
select 1 + 1
select 7 / 2
select -7 / 2
select 7 % 3
select -7 % 3
select 7.0 / 2
select 2 ^ 10
differs: roots, logarithms, powers and deviations are computed in double precision
select 2 ^ 0.5
select |/ 16
select @ -5
select 5 & 3
select 5 | 3
select 5 # 3
select ~5
select 1 << 4
select 16 >> 2
select abs(-1)
select ceil(1.2)
select ceiling(-1.2)
select floor(-1.2)
select round(1.5)
select round(2.5)
select round(-1.5)
select round(1.255, 2)
select round(15.5::float8)
select trunc(1.99)
select trunc(1.999, 2)
differs: roots, logarithms, powers and deviations are computed in double precision
select sign(-3)
select mod(7, 3)
select div(7, 2)
select power(2, 3)
select sqrt(16)
differs: roots, logarithms, powers and deviations are computed in double precision
select cbrt(27)
select exp(0)
select ln(1)
select log(100)
differs: roots, logarithms, powers and deviations are computed in double precision
select log(2, 8)
select pi()
select degrees(pi())
select radians(180)
select sin(0)
select cos(0)
select tan(0)
select asin(0)
select acos(1)
select atan(0)
select atan2(0, 1)
select gcd(12, 18)
select lcm(4, 6)
select factorial(5)
select width_bucket(5, 0, 10, 5)
select random() between 0 and 1
select greatest(1, null, 3)
select least(null, 2)
select 1 = 1.0
select 1::float8 = 1
select 0.1 + 0.2
select 0.1::float8 + 0.2::float8
select 1e10
select 1.5e-3
select 1 / 0
select 1 % 0
select 1.0 / 0
select 2147483647 + 1
select 9223372036854775807 + 1
select 32767::smallint + 1::smallint
select 99999999999::int
differs: roots, logarithms, powers and deviations are computed in double precision
select sqrt(-1)
differs: roots, logarithms, powers and deviations are computed in double precision
select ln(0)
select 'NaN'::float8
select 'Infinity'::float8
differs: roots, logarithms, powers and deviations are computed in double precision
select '-inf'::float8
select 'nan'::numeric
select 1.23456789::numeric(5,2)
select 123456::numeric(5,2)
select 1.10
select 1.0 + 1
select 1.50 * 2
select 10.00 / 4
select 1::numeric / 3
select round(10::numeric / 3, 4)
select 5.0::int
select 5.5::int
select 4.5::int
select '5'::int + 1
select 1.5::text
select 1e3::text
select 100::text
select 1.0::float8::text
select 1e20::float8::text
select 0.00001::float8::text
select min_scale(1.500)
select trim_scale(1.500)
select scale(1.50)
select numeric '1.5'
select sum(x), avg(x), count(x), min(x), max(x) from (values (1), (2), (null)) t(x)
select sum(x), avg(x) from (values (1.5), (2.25)) t(x)
select avg(x) from generate_series(1, 4) x
differs: roots, logarithms, powers and deviations are computed in double precision
select bit_and(x), bit_or(x), stddev_pop(x), var_samp(x) from (values (1), (3)) t(x)
select generate_series(1, 3)
select * from generate_series(0, 10, 5) as g(n)
select * from generate_series(3, 1, -1)
select generate_series(1, 2, 0)
select g, g * g from generate_series(1, 3) g
select * from generate_series(1.0, 2.0, 0.5)
select count(*) from generate_series(1, 1000)

== dates and times
select date '2024-02-29' + 1
select date '2024-03-01' - date '2024-02-28'
select date '2024-01-31' + interval '1 month'
select timestamp '2024-01-01 10:00' + interval '1 day 2 hours'
select timestamp '2024-01-02' - timestamp '2024-01-01'
select '2024-01-15'::date
select '2024-01-15 10:11:12.345'::timestamp
select '10:11:12'::time
select '2024-01-15 10:00+02'::timestamptz
differs: to_char, to_number and constants of moments have fewer forms
select 'Jan 15, 2024'::date
select '20240115'::date
select extract(year from date '2024-05-06')
select extract(dow from date '2024-05-06')
select extract(doy from date '2024-05-06')
select extract(week from date '2024-05-06')
select extract(quarter from date '2024-05-06')
select extract(epoch from timestamp '2024-01-01')
select extract(isodow from date '2024-05-05')
select date_part('year', date '2024-05-06')
select date_part('hour', timestamp '2024-01-01 10:20:30.5')
select extract(second from timestamp '2024-01-01 10:20:30.5')
select extract(milliseconds from time '10:20:30.5')
select extract(microseconds from time '00:00:01.5')
select date_trunc('day', timestamp '2024-05-06 10:11:12')
select date_trunc('week', date '2024-05-08')
select date_trunc('month', timestamptz '2024-05-06 10:00+00')
select date_trunc('hour', timestamp '2024-05-06 10:11:12')
select date_trunc('quarter', timestamp '2024-05-06')
select date_trunc('year', date '2024-05-06')
differs: an interval has months, or days and times, not both
select age(timestamp '2024-05-06', timestamp '2023-04-01')
differs: an interval has months, or days and times, not both
select age(timestamp '2024-01-01', timestamp '2024-01-01')
differs: an interval has months, or days and times, not both
select justify_days(interval '35 days')
differs: an interval has months, or days and times, not both
select justify_hours(interval '30 hours')
differs: an interval has months, or days and times, not both
select justify_interval(interval '1 month -1 hour')
select make_date(2024, 5, 6)
select make_time(10, 11, 12.5)
select make_timestamp(2024, 5, 6, 10, 11, 12.5)
select make_interval(days => 3, hours => 4)
select make_interval(1, 2)
select make_timestamptz(2024, 5, 6, 10, 11, 12.5)
select to_char(timestamp '2024-05-06 13:04:05', 'YYYY-MM-DD HH24:MI:SS')
select to_char(date '2024-05-06', 'Day, DD Month YYYY')
differs: to_char, to_number and constants of moments have fewer forms
select to_char(timestamp '2024-05-06 13:04:05.678', 'HH12:MI AM MS US')
differs: to_char, to_number and constants of moments have fewer forms
select to_char(date '2024-05-06', 'FMDD FMMon YY, Dy, DDD, IW, Q')
differs: an interval has months, or days and times, not both
select to_char(interval '1 day 02:03:04', 'DD HH24:MI:SS')
select to_date('06/05/2024', 'DD/MM/YYYY')
select to_timestamp('2024-05-06 10:11:12', 'YYYY-MM-DD HH24:MI:SS')
select to_timestamp(0)
select to_timestamp(1700000000.5)
select to_date('2024-13-01', 'YYYY-MM-DD')
select interval '1 day'
differs: an interval has months, or days and times, not both
select interval '1 year 2 months 3 days 04:05:06'
select interval '90 minutes'
select interval '1.5 hours'
differs: an interval has months, or days and times, not both
select interval 'P1DT2H'
select interval '-1 day'
select '2 weeks'::interval
select interval '1' day
differs: an interval has months, or days and times, not both
select interval '1-2' year to month
select interval '1 day' * 2
select interval '1 hour' / 2
select 2.5 * interval '1 day'
select interval '1 day' + interval '2 hours'
differs: an interval has months, or days and times, not both
select interval '1 month' - interval '1 day'
select -interval '1 day'
select interval '1 day' > interval '23 hours'
differs: an interval has months, or days and times, not both
select interval '30 days' = interval '1 month'
select extract(epoch from interval '1 day 1 hour')
select extract(day from interval '3 days 4 hours')
differs: an interval has months, or days and times, not both
select extract(hour from interval '100 hours')
differs: an interval has months, or days and times, not both
select date_part('month', interval '14 months')
select timestamp '2024-01-01 12:00' at time zone 'UTC'
select timestamptz '2024-07-01 12:00+00' at time zone 'America/New_York'
select timezone('Asia/Tokyo', timestamptz '2024-01-01 00:00+00')
select timestamp '2024-07-01 12:00' at time zone 'Europe/Berlin'
select now() = current_timestamp
select now() - interval '1 day' < now()
select current_date = now()::date
select localtimestamp is not null
select clock_timestamp() >= now()
select transaction_timestamp() = now()
select pg_typeof(now())
select pg_typeof(current_date)
select * from generate_series(timestamp '2024-01-01', timestamp '2024-01-03', interval '1 day')
select d::date from generate_series(date '2024-01-30', date '2024-02-02', interval '1 day') d
select * from generate_series(timestamptz '2024-01-01 00:00+00', '2024-01-01 02:00+00', '1 hour')
select (date '2024-01-01', date '2024-02-01') overlaps (date '2024-01-15', date '2024-03-01')
select (time '10:00', interval '2 hours') overlaps (time '11:00', time '13:00')
select date '2024-01-01' < timestamp '2024-01-01 00:01'
select date '2024-01-01' = '2024-01-01'
select timestamp '2024-01-01' between '2023-01-01' and '2025-01-01'
differs: to_char, to_number and constants of moments have fewer forms
select 'infinity'::timestamp > now()
select 'epoch'::timestamp
select 'today'::date = current_date
select 'now'::timestamp is not null
select date_bin('15 minutes', timestamp '2024-01-01 10:22', timestamp '2024-01-01')
select isfinite(date '2024-01-01')
select timestamp '2024-01-01' + '1 day'
select time '10:00' + interval '3 hours'
select time '10:00' - time '08:30'
select date '2024-01-01' + time '10:00'
select '2024-02-30'::date
select '2024-13-01'::timestamp
select 'abc'::date
select '25:00'::time
select '1 fortnight'::interval
select interval '1 day' + 1
select date '2024-01-01' + date '2024-01-01'
select now() + 1
select extract(nosuch from now())
select date_trunc('nosuch', now())
select '2024-01-01'::timestamptz at time zone 'Nowhere/Land'

== date columns
create table e(id int, d date, t timestamp, z timestamptz, tm time, iv interval)
insert into e values (1, '2024-01-31', '2024-01-31 10:20:30', '2024-01-31 10:20:30+00', '10:20:30', '1 day 02:00'), (2, '2024-02-29', '2024-02-29 23:59:59.999', '2024-02-29 23:59:59+00', '23:59', '3 hours')
select d + 1, d - 7, d + interval '1 month', d - interval '1 year', d - d, d + tm from e order by id
select t + iv, t - iv, z + iv, z - interval '30 minutes', t - timestamp '2024-01-01', z - timestamptz '2024-01-01 00:00+00' from e order by id
select t::date, t::time, z::date, d::timestamp, d::timestamptz, t::timestamptz, extract(epoch from z), extract(day from d) from e order by id
select * from e where d > '2024-02-01'
select * from e where t >= date '2024-02-01' and t < date '2024-02-01' + interval '1 month'
select id from e where z > now() - interval '1 day'
differs: an interval has months, or days and times, not both
select iv * 2, iv + interval '1 hour', tm + iv, extract(day from iv) from e order by id
select sum(iv), avg(iv), max(d) - min(d), max(t) - min(t) from e
select date_trunc('month', t), count(*) from e group by 1 order by 1
differs: an interval has months, or days and times, not both
select to_char(t, 'YYYY-MM'), to_char(d, 'Dy DD Mon'), to_char(z, 'HH24:MI TZ'), to_char(iv, 'DD HH24') from e order by id
select t::text, d::text, z::text, iv::text, tm::text from e order by id
select d || '', t || '', 'x' || z from e order by id
insert into e(id, d) values (3, 'tomorrow'), (4, now()), (5, current_date + 1)
differs: to_char, to_number and constants of moments have fewer forms
insert into e(id, d) values (6, '31.01.2024')
insert into e(id, t) values (7, 'garbage')
insert into e(id, iv) values (9, interval '3 days'), (10, make_interval(hours => 5))
differs: an interval has months, or days and times, not both
insert into e(id, iv) values (8, '1 year 1 day 1 second')
differs: an interval has months, or days and times, not both
insert into e(id, iv) values (11, '1 month')
differs: an interval has months, or days and times, not both
select id, iv from e where id > 7 order by iv
update e set d = d + 30, t = t + '1 day', iv = iv * 1.5 where id = 1 returning d, t, iv
differs: an interval has months, or days and times, not both
select age(d) is not null, age(z, t) from e where id = 2

== arrays
select array[1,2,3]
select '{1,2,3}'::int[]
select array['a','b c','d"e', null]
select '{}'::text[]
differs: arrays have one dimension
select array[[1,2],[3,4]]
select array[]::int[]
select (array[1,2,3])[2]
select (array[1,2,3])[5]
select ('{a,b,c}'::text[])[2:3]
select (array[1,2,3,4])[2:]
select (array[1,2,3,4])[:2]
select (array[[1,2],[3,4]])[2][1]
select array_length(array[1,2], 1)
select array_length('{}'::int[], 1)
select cardinality(array[1,2])
select array_upper(array[1,2], 1)
select array_lower(array[1,2], 1)
select array_ndims(array[[1],[2]])
select array_dims(array[1,2])
select array_append(array[1], 2)
select array_prepend(0, array[1])
select array_cat(array[1], array[2])
select array[1] || 2
select 0 || array[1]
select array[1] || array[2, 3]
select array_remove(array[1,2,1], 1)
select array_replace(array[1,2], 2, 9)
select array_position(array['a','b'], 'b')
select array_positions(array[1,2,1], 1)
select array_fill(0, array[3])
select trim_array(array[1,2,3], 1)
select 1 = any(array[1,2])
select 3 = any('{1,2}'::int[])
select 1 <> all(array[2,3])
select 5 > all(array[1,2])
select 'a' = any(string_to_array('a,b', ','))
select null = any(array[1])
select array[1,2] @> array[1]
select array[1] <@ array[1,2]
select array[1,2] && array[2,3]
select array[1,2] = array[1,2]
select array[1,2] < array[1,3]
select array[1,2] <> array[2,1]
select unnest('{a,b}'::text[]) order by 1 desc
select array_agg(x order by x desc), array_agg(distinct x) from (values (1), (2), (2)) t(x)
select array_agg(x) filter (where x > 1), string_agg(x::text, '-' order by x) from generate_series(1, 3) x
differs: json functions and operators of rows, records and paths, and json printed as it was written
select array(select g from generate_series(1, 3) g), array_to_json(array[1,2]), to_json(array['a']), array_to_string('{1,2}'::int[], '')
select '{1,2'::int[]
select '{a}'::int[]
select array[1,2] || 'x'
select array_length(1, 1)
differs: arrays have one dimension
select array[1] = array['a']
create table ar(id int, n int[], s text[], m int[][])
differs: arrays have one dimension
insert into ar values (9, null, null, '{{1,2},{3,4}}')
differs: arrays have one dimension
delete from ar where id = 9
insert into ar values (1, '{1,2}', array['x','y'], null), (2, '{}', null, null), (3, array[5], '{"a b",c}', null)
select * from ar where 1 = any(n)
select id, n[1], s[2], n[1:1], array_length(n, 1), n || 9 from ar order by id
select id from ar where n @> '{1}' or s && '{c}' order by id
select id from ar where n = '{5}'
select id from ar where n = '{}'
differs: arrays have one dimension
select id, x from ar, unnest(n) x order by 1, 2
select id, x, i from ar, unnest(s) with ordinality as u(x, i) order by 1, 3
select count(*) from ar where s is null or cardinality(n) = 0
update ar set n = n || array[7], s[1] = 'z' where id = 1 returning n, s
update ar set n = array_remove(n, 7) where 7 = any(n) returning n
insert into ar(id, n) values (4, '{1,x}')
differs: arrays have one dimension
insert into ar(id, n) values (4, array['x'])

== json
select '{"a": 1}'::json
select '{"b": 1, "a":  2, "b": 3}'::jsonb
select '[1, "x", null, true]'::jsonb
select 'null'::jsonb
select '"s"'::json
select '1.50'::jsonb
differs: json functions and operators of rows, records and paths, and json printed as it was written
select '{"a": {"b": [1,2]}}'::json->'a'
select '{"a": {"b": [1,2]}}'::jsonb->'a'->'b'->1
select '{"a": 1}'::json->>'a'
select '[1,2]'::json->0
select '[1,2]'::jsonb->>-1
select '{"a": {"b": 1}}'::jsonb#>'{a,b}'
select '{"a": {"b": "x"}}'::json#>>'{a,b}'
select '{"a": 1, "b": 2}'::jsonb @> '{"a": 1}'
select '{"a": 1}'::jsonb <@ '{"a": 1, "b": 2}'
select '{"a": 1}'::jsonb ? 'a'
select '{"a": 1}'::jsonb ?| array['b','a']
select '{"a": 1}'::jsonb ?& array['a','b']
select '[1,2]'::jsonb @> '1'
select '{"a": 1}'::jsonb || '{"b": 2}'
select '{"a": 1, "b": 2}'::jsonb - 'a'
select '[1,2,3]'::jsonb - 1
select '{"a": {"b": 1}}'::jsonb #- '{a,b}'
select '{"a": 1, "b": 2}'::jsonb - array['a','b']
select '[1]'::jsonb || '2'
select json_build_object('a', 1, 'b', null, 'c', array[1,2])
select jsonb_build_object('x', true, 'd', date '2024-01-01')
select json_build_array(1, 'x', null)
select jsonb_build_array()
differs: json functions and operators of rows, records and paths, and json printed as it was written
select json_object('{a,1,b,2}')
differs: json functions and operators of rows, records and paths, and json printed as it was written
select json_object('{a,b}', '{1,2}')
select to_json('x'::text)
select to_jsonb(1.50)
select to_json(now()) is not null
select to_jsonb(array[1,2])
select to_json(null::int)
differs: json functions and operators of rows, records and paths, and json printed as it was written
select row_to_json(row(1, 'a'))
differs: json functions and operators of rows, records and paths, and json printed as it was written
select to_jsonb(row(1, true))
select jsonb_set('{"a": 1}', '{a}', '2')
select jsonb_set('{"a": {}}', '{a,b}', '"x"')
select jsonb_set('{"a": 1}', '{z}', '2', false)
select jsonb_insert('[1,2]', '{1}', '9')
select jsonb_strip_nulls('{"a": null, "b": 1}')
select jsonb_pretty('{"a": 1}')
select json_typeof('[]')
select jsonb_typeof('1')
select jsonb_typeof('"x"')
select json_array_length('[1,2]')
select jsonb_array_length('[]')
select json_extract_path('{"a": {"b": 1}}', 'a', 'b')
select jsonb_extract_path_text('{"a": "x"}', 'a')
select json_array_elements('[1, {"a": 2}]')
select * from jsonb_array_elements('[3, 4]')
select * from json_array_elements_text('["a", "b"]') as t(x)
select * from jsonb_each('{"a": 1, "b": "x"}')
select * from json_each_text('{"a": 1, "b": "x"}')
select * from jsonb_object_keys('{"a": 1, "b": 2}')
select * from jsonb_to_recordset('[{"a": 1, "b": "x"}]') as t(a int, b text)
select * from json_to_record('{"a": 1, "b": "x"}') as t(a int, b text)
differs: json functions and operators of rows, records and paths, and json printed as it was written
select jsonb_path_query('{"a": [1,2]}', '$.a[*]')
differs: json functions and operators of rows, records and paths, and json printed as it was written
select jsonb_path_exists('{"a": 1}', '$.a ? (@ > 0)')
differs: json functions and operators of rows, records and paths, and json printed as it was written
select '{"a": 1}'::jsonb @? '$.a'
differs: json functions and operators of rows, records and paths, and json printed as it was written
select '{"a": 1}'::jsonb @@ '$.a == 1'
differs: json functions and operators of rows, records and paths, and json printed as it was written
select jsonb_path_query_first('{"a": [1,2]}', '$.a[1]')
select json_agg(x), jsonb_agg(x order by x desc), json_object_agg(x, x * 2) from generate_series(1, 2) x
select json_agg(t) from (values (1, 'a')) t(i, s)
select jsonb_object_agg(k, v) from (values ('a', 1), ('b', 2)) t(k, v)
select '{"a": 1}'::jsonb = '{"a":1}'::jsonb
select '[1]'::jsonb < '[2]'::jsonb
select ('{"a": 5}'::jsonb->>'a')::int + 1
differs: json functions and operators of rows, records and paths, and json printed as it was written
select ('{"a": 5}'::jsonb->'a')::int
select '{"a": 1'::json
select '{a: 1}'::jsonb
select 'x'::json->'a'
select '{"a": 1}'::json = '{"a": 1}'::json
select '{"a": 1}'::jsonb->'b' is null
select '{"a": null}'::jsonb->'a' is null
select '{"a": null}'::jsonb->>'a' is null
select coalesce('{}'::jsonb->>'x', 'none')
create table j(id int, d jsonb, e json)
insert into j values (1, '{"n": 1, "tags": ["a","b"], "o": {"x": 1.5}}', '{"z":  1}'), (2, '{"n": 2, "tags": []}', '[]'), (3, null, null)
select id, d->'n', d->>'n', d->'tags'->>0, d#>>'{o,x}', e from j order by id
select id from j where d->>'n' = '1'
select id from j where (d->>'n')::int > 1
select id from j where d @> '{"tags": ["a"]}'
select id from j where d->'tags' ? 'a'
select id, t from j, jsonb_array_elements_text(d->'tags') t order by 1, 2
select d->'o'->'x', jsonb_typeof(d->'o') from j where id = 1
update j set d = jsonb_set(d, '{n}', to_jsonb((d->>'n')::int + 1)) where id = 1 returning d->'n'
update j set d = d || jsonb_build_object('k', id) where d is not null returning d->>'k'
select sum((d->>'n')::numeric), max(d->>'n') from j
select d->>'n' as n, count(*) from j group by d->>'n' order by 1
insert into j(id, d) values (4, 'not json')

== casts, types, system
select pg_typeof(1)
select pg_typeof('a')
select pg_typeof(1.5)
select pg_typeof(now())
differs: arrays have one dimension
select pg_typeof(array[1])
select pg_typeof(null)
select pg_typeof('{}'::jsonb)
select pg_typeof(true)
select 1::text
select '1'::int
select 1.9::int
select 't'::bool
select 'false'::boolean
select 0::bool
select 1::text || 'x'
select cast('2024-01-01' as date)
select int '5'
select float8 '1.5'
select 'a'::"char"
select true::text
select true::int
select 'yes'::bool
select true and null
select not null::bool
select true > false
select true is not false
select gen_random_uuid() is not null
select '6ecd8c99-4036-403d-bf84-cf8400f67836'::uuid
select 'x'::uuid
select 'nosuch'::regclass
select 'int4'::regtype
select 'integer'::regtype::oid
select 'pg_class'::regclass
select to_regclass('nosuch')
select current_user
select session_user
select current_schema
select current_database()
select current_catalog
select user
select version() like 'PostgreSQL 15%'
select current_setting('server_version_num')::int >= 150000
select pg_backend_pid() > 0
differs: network, geometric, range, text search, bit, money and xml types are missing
select inet '192.168.0.1'
differs: network, geometric, range, text search, bit, money and xml types are missing
select '10.0.0.0/8'::cidr >> '10.1.1.1'::inet
differs: network, geometric, range, text search, bit, money and xml types are missing
select point(1, 2)
differs: network, geometric, range, text search, bit, money and xml types are missing
select box '((0,0),(1,1))'
differs: network, geometric, range, text search, bit, money and xml types are missing
select int4range(1, 5)
differs: network, geometric, range, text search, bit, money and xml types are missing
select int4range(1, 5) @> 3
differs: network, geometric, range, text search, bit, money and xml types are missing
select daterange('2024-01-01', '2024-02-01') && daterange('2024-01-15', '2024-03-01')
differs: network, geometric, range, text search, bit, money and xml types are missing
select 'fat cats'::tsvector
differs: network, geometric, range, text search, bit, money and xml types are missing
select to_tsvector('english', 'The fat cats') @@ to_tsquery('cat')
differs: network, geometric, range, text search, bit, money and xml types are missing
select B'101'
differs: network, geometric, range, text search, bit, money and xml types are missing
select 5::bit(4)
differs: network, geometric, range, text search, bit, money and xml types are missing
select 1::money
differs: network, geometric, range, text search, bit, money and xml types are missing
select '<a/>'::xml
select hashtext('a') is not null
select pg_size_pretty(1024::bigint)
select obj_description(1, 'pg_class')
differs: system columns and functions of the server's files are missing
select pg_table_size('pg_class') > 0
select has_table_privilege('pg_class', 'select')
select pg_get_userbyid(10)
select format_type(23, null)
select pg_is_in_recovery()
select num_nulls(1, null)
select num_nonnulls(1, null)
select coalesce(null, null, 1)
select nullif(1, 1)
select isnull(1)
select txid_current() > 0
select pg_current_xact_id() is not null
select inet_client_addr() is null or true
select pg_postmaster_start_time() < now()
select set_config('my.var', 'v', false)
select current_setting('my.var')
select current_setting('nosuch')
select row(1, 2) = row(1, 2)
select row(1, 'a') < row(1, 'b')
select (1, 2) is not null
select row(1, null) is null
select null = null, null is null, 1 is distinct from null, null is not distinct from null
differs: system columns and functions of the server's files are missing
select xmin is not null from pg_class limit 1
select count(*) > 0 from pg_type
select nspname from pg_namespace where nspname = 'public'
select 1 as a
select 2 as a
select cast(1 as varchar)
select cast(null as int)
select cast('{1}' as int[])
select 'a'::varchar(1) = 'a'
select 'abc'::char(2)
select length('a  '::char(5))
select 'a '::char(3) = 'a'
prepare q(int) as select $1 + 1
execute q(4)
execute q('x')
deallocate q
execute q(1)
differs: another error, type or form than PostgreSQL's
select $1
discard all
listen c
notify c, 'x'
unlisten *
