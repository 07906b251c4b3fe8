// Package e2e holds the tests of what is promised, against the real binary and its processes: exact counts, faults,
// signals, refusals, and that nothing is left behind. They need the build tag e2e; those that cut networks need root on
// Linux, those over SSH need sshd, and those of Apache Kafka need LANDFALL_KAFKA=1 or 3.
package e2e
