-- The way back from 0000_notification.sql.
drop table notification.notification_log;
drop table notification.deliveries;
