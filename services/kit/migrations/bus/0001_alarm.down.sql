drop table bus.alarm;
