export { databaseNow, followClockOf } from "./clock.ts";
export { connect, type Db, type Fragment, type Sql, type Tx, unprepared } from "./connect.ts";
export { databaseHealth } from "./health.ts";
export { MigrationError, type Migrations, migrate, migrateDown, migrationFolder, migrationStatus } from "./migrate.ts";
export { type Passwords, provision, type RoleName, roleOf, type SchemaName, schemas } from "./roles.ts";
export { columnsOf, type Row } from "./row.ts";
export { guarded, type Statement } from "./statement.ts";
export { transact } from "./transact.ts";
export { isDatabaseAway, uniqueViolation } from "./trouble.ts";
