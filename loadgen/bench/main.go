//go:build unix

// Command bench compares landfall with other load generators, those in PATH and those that it can install. It writes Markdown tables with
// the CPU cost per request and the evenness of the load, and the limits that landfall must meet.
//
// All tools run against the same small server, which counts the requests. Rounds are interleaved, so that a machine that becomes slower
// affects all tools. Tools that are not found are listed.
//
//	go run ./loadgen/bench -landfall ./landfall -rounds 5 -length 4s
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

type settings struct {
	landfall string
	plot     string
	rounds   int
	length   time.Duration
	only     string
	soak     time.Duration
	install  bool
}

func main() {
	role := flag.String("role", "", "internal: server")
	out := flag.String("o", "", "write the tables to this file (default standard output)")
	var s settings
	flag.StringVar(&s.plot, "plot", "", "write a chart of the CPU cost to this SVG file")
	flag.StringVar(&s.landfall, "landfall", "landfall", "binary to measure")
	flag.IntVar(&s.rounds, "rounds", 5, "number of rounds of each scenario")
	flag.DurationVar(&s.length, "length", 4*time.Second, "length of a measurement, in whole seconds")
	flag.StringVar(&s.only, "only", "", "run only scenarios whose names contain this: HTTP/1.1, TLS, HTTP/2, requests/s, stall, p50, memory, shop, waiting")
	flag.DurationVar(&s.soak, "soak", time.Minute, "length of the memory measurement at full speed")
	flag.BoolVar(&s.install, "install", true, "install missing tools into the user's cache")
	flag.Parse()
	var err error
	if *role == "server" {
		err = runServer(os.Stdin, os.Stdout)
	} else {
		err = run(s, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(s settings, path string) (err error) {
	if s.length < time.Second || s.rounds < 1 {
		return errors.New("-rounds and -length: must be at least 1 and 1s")
	}
	var w io.Writer = os.Stdout
	if path != "" {
		f, cerr := os.Create(path)
		if cerr != nil {
			return fmt.Errorf("create the table: %w", cerr)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		w = f
	}
	if s.install {
		if err := install(os.Stderr); err != nil {
			return err
		}
	}
	srv, err := startServer()
	if err != nil {
		return err
	}
	defer srv.close()
	for _, kind := range []string{"targets", "js"} {
		defer os.Remove(inputFile(kind))
	}
	list, err := measure(s, srv, os.Stderr)
	if err != nil {
		return err
	}
	bars := barsOf(scenarios(srv.addresses), list, s.landfall)
	for _, q := range []struct {
		name string
		ask  func(settings, *server) []*bar
	}{{"stall", stall}, {"p50", medianLatency}, {"memory", memory}, {"shop", shop}, {"waiting", waiting}} {
		if strings.Contains(q.name, s.only) {
			bars = append(bars, q.ask(s, srv)...)
			fmt.Fprintln(os.Stderr, ". "+q.name)
		}
	}
	writeTable(w, s, list)
	writeBars(w, bars)
	if s.plot == "" {
		return nil
	}
	var picture bytes.Buffer
	writePlot(&picture, list)
	return os.WriteFile(s.plot, picture.Bytes(), 0o644)
}
