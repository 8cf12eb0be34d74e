-- The way back from 0030_channels.sql. Reminders go by mail alone again.
drop table api.channel_sends, api.channels, api.push_key;
alter table api.users drop column event_hooks;
