import type { SchemaName } from "@carillon/kit/database";
import type { Sql } from "postgres";

/**
 * The whole content of a schema, one sorted line per thing: columns, constraints, indexes, triggers,
 * functions, types, sequences, views, policies and rights. Two schemas with equal lines behave
 * alike; the migrations' own table is left out.
 */
export async function catalogueOf(sql: Sql, schema: SchemaName): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    with relations as (
      select c.oid, c.relname, c.relkind, c.relrowsecurity, c.reloptions,
        array(select acl::text from unnest(coalesce(c.relacl, acldefault('r', c.relowner))) acl order by 1) as relacl
      from pg_class c
      where c.relnamespace = ${schema}::regnamespace and c.relname not like 'schema_migrations%'
    )
    select format('relation %s %s rls=%s acl=%s options=%s', relkind, relname, relrowsecurity, relacl, reloptions) as line from relations
    union all
    select format('column %s.%s %s null=%s default=%s identity=%s generated=%s', r.relname, a.attname,
      format_type(a.atttypid, a.atttypmod), not a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated)
    from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
    where r.relkind in ('r', 'p', 'v', 'm')
    union all
    select format('constraint %s.%s %s', r.relname, k.conname, pg_get_constraintdef(k.oid)) from relations r join pg_constraint k on k.conrelid = r.oid
    union all
    select format('index %s', pg_get_indexdef(r.oid)) from relations r where r.relkind = 'i'
    union all
    select format('trigger %s', pg_get_triggerdef(t.oid)) from relations r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
    union all
    select format('view %s %s', r.relname, pg_get_viewdef(r.oid)) from relations r where r.relkind in ('v', 'm')
    union all
    select format('sequence %s %s', r.relname, to_jsonb(s) - 'seqrelid') from relations r join pg_sequence s on s.seqrelid = r.oid
    union all
    select format('policy %s %s', r.relname, to_jsonb(p) - 'oid' - 'polrelid') from relations r join pg_policy p on p.polrelid = r.oid
    union all
    select format('function %s acl=%s', pg_get_functiondef(p.oid),
      array(select acl::text from unnest(coalesce(p.proacl, acldefault('f', p.proowner))) acl order by 1)) from pg_proc p
    where p.pronamespace = ${schema}::regnamespace and p.prokind in ('f', 'p')
    union all
    select format('type %s %s %s', t.typname, t.typtype, (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
    from pg_type t where t.typnamespace = ${schema}::regnamespace and t.typtype in ('e', 'd') `;
  return rows.map((row) => row.line).sort();
}
