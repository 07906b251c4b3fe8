// Package kafkatest gives tests brokers that can be killed, stopped and cut off: the embedded one in a process of its
// own, real Apache Kafka nodes, and a proxy that misbehaves on purpose.
package kafkatest
