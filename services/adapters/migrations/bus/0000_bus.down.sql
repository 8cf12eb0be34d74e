drop table bus.dead_letter;
drop table bus.subscriber;
drop table bus.delivery;
drop table bus.message;
