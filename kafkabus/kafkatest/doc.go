// Package kafkatest provides brokers for tests that can be killed, paused and disconnected: the embedded one in a separate
// process, real Apache Kafka nodes, and a proxy that simulates network faults.
package kafkatest
