-- The way back from 0004_via.sql.
-- Entries of assistants from after it were hashed with the word they acted on: verified by an older release they show as changed.
alter table audit.entries drop column via;
