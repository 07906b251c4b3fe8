package cli

import (
	"context"
	"errors"
	"testing"
	"time"

	"landfall/cli/exit"
	"landfall/cli/local"
	"landfall/loadgen"
	"landfall/loadgen/target"
	"landfall/node/orchestrator"
	"landfall/node/report"
)

// within runs a launch against a target, in this process.
func within(t *testing.T, spec loadgen.Spec, change func(*Launch)) (*report.Report, *target.Server, error) {
	t.Helper()
	s, err := target.Start(target.Config{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	spec.Target = "http://" + s.Addr() + "/ping"
	spec = spec.WithDefaults()
	var r *report.Report
	err = local.Run(t.Context(), local.Config{Spec: spec, By: "test", Host: "here"}, func(o *orchestrator.Orchestrator) (err error) {
		l := Launch{Orchestrator: o, Spec: spec}
		change(&l)
		r, err = l.Do(t.Context())
		return err
	})
	return r, s, err
}

func TestRunToItsEnd(t *testing.T) {
	watched := make(chan string, 1)
	r, s, err := within(t, loadgen.Spec{Count: 123, Connections: 4}, func(l *Launch) {
		l.Watch = func(ctx context.Context, testID string) { watched <- testID; <-ctx.Done() }
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Requests != 123 || r.Responses != 123 || s.Responses() != 123 || exit.Code(r) != exit.Passed {
		t.Errorf("%d requests, %d responses, target %d, exit %d", r.Requests, r.Responses, s.Responses(), exit.Code(r))
	}
	if id := <-watched; id != r.TestID {
		t.Errorf("watched %s, want %s", id, r.TestID)
	}
}

func TestInterruptedRunIsReported(t *testing.T) {
	interrupt := make(chan struct{})
	r, s, err := within(t, loadgen.Spec{RateRPS: 200, Duration: loadgen.Duration(time.Hour)}, func(l *Launch) {
		l.Interrupt = interrupt
		l.Watch = func(ctx context.Context, testID string) { close(interrupt); <-ctx.Done() }
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome != report.Interrupted || exit.Code(r) != exit.Interrupted || r.Requests != s.Requests() || r.Unknown != 0 {
		t.Errorf("%s, exit %d, %d requests of %d, %d unknown", r.Outcome, exit.Code(r), r.Requests, s.Requests(), r.Unknown)
	}
}

func TestInterruptedBeforeTheStart(t *testing.T) {
	interrupt := make(chan struct{})
	close(interrupt)
	_, s, err := within(t, loadgen.Spec{Count: 10}, func(l *Launch) {
		l.Interrupt = interrupt
		l.Selection = orchestrator.Selection{Count: 2, Wait: time.Minute}
	})
	if !errors.Is(err, exit.ErrInterrupted) || s.Requests() != 0 {
		t.Errorf("error %v, %d requests, want %v and none", err, s.Requests(), exit.ErrInterrupted)
	}
}
