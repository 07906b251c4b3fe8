package cli

import (
	"context"
	"errors"
	"time"

	"landfall/cli/exit"
	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/node/report"
)

// Launch is one run.
type Launch struct {
	Orchestrator *orchestrator.Orchestrator // running
	Spec         loadgen.Spec
	Selection    orchestrator.Selection
	Interrupt    <-chan struct{}                          // closed: stop the run, and report it so far
	Watch        func(ctx context.Context, testID string) // shows progress until ctx ends; may be nil
	Waiting      func()                                   // called once if the drivers are not ready within a second; may be nil
}

// Do triggers the run and waits for its report. An error says why there is none.
func (l Launch) Do(ctx context.Context) (*report.Report, error) {
	select {
	case <-l.Orchestrator.Ready():
	case <-l.Interrupt:
		return nil, exit.ErrInterrupted
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	testID, err := l.trigger(ctx)
	if err != nil {
		return nil, err
	}
	return l.attend(ctx, testID)
}

// trigger starts the run. If it is interrupted after the start was written, it succeeds: attend then stops the run.
func (l Launch) trigger(ctx context.Context) (string, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-l.Interrupt:
			cancel(exit.ErrInterrupted)
		case <-done:
		}
	}()
	if l.Waiting != nil {
		notice := time.AfterFunc(time.Second, l.Waiting)
		defer notice.Stop()
	}
	testID, err := l.Orchestrator.Trigger(ctx, l.Spec, l.Selection)
	if err != nil && errors.Is(context.Cause(ctx), exit.ErrInterrupted) {
		if testID != "" && l.started(testID) {
			return testID, nil
		}
		return testID, exit.ErrInterrupted
	}
	return testID, err
}

// started reports whether the start was written, possibly at the moment of the interrupt: then it is read
// back shortly.
func (l Launch) started(testID string) (yes bool) {
	changed, cancel := l.Orchestrator.Subscribe()
	defer cancel()
	deadline := time.After(time.Second)
	for !yes {
		l.Orchestrator.View(func(s *fleet.State) {
			r := s.Run(testID)
			yes = r != nil && !r.T0.IsZero()
		})
		if yes {
			break
		}
		select {
		case <-changed:
		case <-deadline:
			return false
		}
	}
	return yes
}

// stopWithin limits how long stopping an interrupted run may take, since Kafka may be unreachable. After that
// the drivers finish the run.
const stopWithin = 5 * time.Second

// errNotStopped means that the drivers continue an interrupted run.
var errNotStopped = errors.New("interrupted, but the stop cannot be written to Kafka: the drivers stop when the run ends or their orphan timeout expires")

// attend waits for the report, and stops the run when it is interrupted. An error may come with a partial report.
func (l Launch) attend(ctx context.Context, testID string) (*report.Report, error) {
	watching, stopWatching := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		if l.Watch != nil {
			l.Watch(watching, testID)
		}
	}()
	stopped := make(chan struct{})
	waiting, stopWaiting := context.WithCancelCause(ctx)
	go func() {
		defer close(stopped)
		l.stop(waiting, testID, stopWaiting)
	}()
	r, err := l.Orchestrator.Wait(waiting, testID)
	if cause := context.Cause(waiting); r == nil && errors.Is(cause, errNotStopped) {
		r, _, _ = l.Orchestrator.Report(testID)
		err = cause
	} else if r == nil && cause != nil {
		err = cause
	}
	stopWaiting(nil)
	stopWatching()
	<-watched
	<-stopped
	return r, err
}

// stop stops the run once Interrupt is closed. If that fails for stopWithin, it calls stopWaiting with errNotStopped.
func (l Launch) stop(ctx context.Context, testID string, stopWaiting context.CancelCauseFunc) {
	select {
	case <-l.Interrupt:
	case <-ctx.Done():
		return
	}
	trying, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	for l.running(testID) {
		if err := l.Orchestrator.Stop(trying, testID, "interrupted"); err == nil {
			return
		}
		select { // the start is not read back yet, or a broker does not answer
		case <-time.After(100 * time.Millisecond):
		case <-trying.Done():
			stopWaiting(errNotStopped)
			return
		}
	}
}

func (l Launch) running(testID string) (yes bool) {
	l.Orchestrator.View(func(s *fleet.State) {
		r := s.Run(testID)
		yes = r == nil || r.Phase != fleet.Finished && r.Phase != fleet.Refused
	})
	return yes
}
