//go:build unix

// Command bench runs landfall beside the load generators that it finds in PATH, against a small server of its own, and
// writes what each cost and how evenly it sent as a Markdown table. Requests are counted by the server, alike for all.
// Rounds are interleaved, so that a machine that gets slower does so for everybody; missing tools are named.
//
//	go run ./loadgen/bench -landfall ./landfall -rounds 5 -length 4s
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

type settings struct {
	landfall string
	rounds   int
	length   time.Duration
	only     string
}

func main() {
	role := flag.String("role", "", "internal: server")
	out := flag.String("o", "", "file to write the table to; standard output if empty")
	var s settings
	flag.StringVar(&s.landfall, "landfall", "landfall", "the binary to measure")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds of every scenario")
	flag.DurationVar(&s.length, "length", 4*time.Second, "of each measurement; whole seconds")
	flag.StringVar(&s.only, "only", "", "run only scenarios whose names contain this")
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
	var w io.Writer = os.Stdout
	if path != "" {
		f, cerr := os.Create(path)
		if cerr != nil {
			return fmt.Errorf("create the table: %w", cerr)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		w = f
	}
	if s.length < time.Second || s.rounds < 1 {
		return errors.New("at least one round of a second is needed")
	}
	srv, err := startServer()
	if err != nil {
		return err
	}
	defer srv.close()
	defer func() { _ = os.Remove(streamSpec(load{})) }()
	list, err := measure(s, srv, os.Stderr)
	if err != nil {
		return err
	}
	writeTable(w, s, list)
	return nil
}
