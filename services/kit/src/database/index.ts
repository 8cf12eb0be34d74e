export {
  connect,
  type Db,
  type Fragment,
  isDatabaseAway,
  type Sql,
  type Tx,
  uniqueViolation,
  unprepared,
} from "./connect.ts";
export { MigrationError, type Migrations, migrate, migrateDown, migrationFolder, migrationStatus } from "./migrate.ts";
export { type Passwords, provision, roleOf, type SchemaName, schemas } from "./roles.ts";
