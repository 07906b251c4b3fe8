// Package e2e tests the guarantees of the documentation with the real binary and its processes: exact counts,
// faults, signals, refusals, and a clean exit. The tests need the build tag e2e; those that disconnect
// networks need root on Linux, those over SSH need sshd, and those of Apache Kafka need LANDFALL_KAFKA=1 or
// 3.
package e2e
