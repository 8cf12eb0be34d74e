export { formatKafka, kafkaSettings } from "./kafka.ts";
