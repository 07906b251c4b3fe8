// Command bench measures the bus with many drivers: the embedded broker in one process, simulated drivers in
// another, an orchestrator's tails and fold in this one. All use the real code of bus, messages and fleet;
// unlike real drivers, the simulated ones share a process, its connections and its clock, and send no load.
//
//	go run ./kafkabus/bench -drivers 1000 -seconds 20
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/pprof"
)

// plan describes a measurement.
type plan struct {
	drivers int
	seconds int
	tails   int    // drivers that read trigger and test_config, as real ones do
	brokers string // default: an embedded broker is started
}

func main() {
	log.SetFlags(0)
	var p plan
	flag.IntVar(&p.drivers, "drivers", 1000, "number of simulated drivers; each sends a heartbeat and a snapshot per second")
	flag.IntVar(&p.seconds, "seconds", 20, "duration of the measurement")
	flag.IntVar(&p.tails, "tails", 0, "number of drivers that also read trigger and test_config (2 connections each)")
	flag.StringVar(&p.brokers, "brokers", "", "host:port of a Kafka broker to measure instead of the embedded one")
	profile := flag.String("cpuprofile", "", "file for a CPU profile of the orchestrator's process")
	role := flag.String("role", "", "role of a child process")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			log.Fatal(err)
		}
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	if err := run(p, *role); err != nil {
		log.Fatal(err)
	}
}

func run(p plan, role string) error {
	switch role {
	case "broker":
		return serveBroker()
	case "drivers":
		return simulate(p)
	}
	r, err := measure(p)
	if err != nil {
		return err
	}
	fmt.Print(r)
	return nil
}
