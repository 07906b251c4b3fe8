// Command bench measures the bus with many drivers: the embedded broker in one process, simulated drivers in a second,
// an orchestrator's tails and fold in this one. All of them use the real code of bus, messages and fleet; the drivers
// differ from real ones in that they share a process, its connections and its clock, and send no load.
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

// plan is what is measured.
type plan struct {
	drivers int
	seconds int
	tails   int    // drivers that read trigger and test_config, as real ones do
	brokers string // default: an embedded broker is started
}

func main() {
	log.SetFlags(0)
	var p plan
	flag.IntVar(&p.drivers, "drivers", 1000, "simulated drivers: a heartbeat and a snapshot a second each")
	flag.IntVar(&p.seconds, "seconds", 20, "how long is measured")
	flag.IntVar(&p.tails, "tails", 0, "how many of them read trigger and test_config as well (2 connections each)")
	flag.StringVar(&p.brokers, "brokers", "", "host:port of a Kafka to measure instead of the embedded broker")
	profile := flag.String("cpuprofile", "", "file for a profile of the orchestrator's process")
	role := flag.String("role", "", "what a child process is")
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
