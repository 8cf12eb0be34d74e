-- The way back from 0002_carry_causes.sql.
alter table notification.deliveries drop column correlation_id, drop column causation_id;
