//go:build unix

package main

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"landfall/loadgen/script"
	"landfall/loadgen/specfile"
)

func TestThinkSpecIsValid(t *testing.T) {
	spec, err := specfile.Parse("think.yaml", fmt.Appendf(nil, thinkSpec, "http://127.0.0.1:1234", 2*time.Second))
	if err == nil {
		err = script.Check(spec.WithDefaults())
	}
	if err != nil || spec.Users != 50 || spec.Duration.Std() != 2*time.Second {
		t.Errorf("%+v, %v", spec, err)
	}
}

// The CPU time of a process grows while it works.
func TestProcessTime(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("/proc is of Linux")
	}
	before, err := processTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for x := 1.0; ; x *= 1.0000001 {
		after, err := processTime(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if after > before {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still %v (%v)", after, x)
		}
	}
}
