package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/script"
)

// Setup runs the spec's setup once, as one user, before the load. Every user of Run gets its variables. It
// fails if its iteration fails, if a response is unexpected, or after [loadgen.SetupTime]. Run calls Setup
// unless it was called before.
func (e *Engine) Setup(ctx context.Context) error {
	if e.isSetUp || len(e.spec.Setup) == 0 {
		return nil
	}
	e.isSetUp = true
	ctx, cancel := context.WithTimeout(ctx, loadgen.SetupTime)
	defer cancel()
	values, requests, err := e.runOnce(ctx, "setup", e.spec.Setup)
	e.setupRequests.Add(requests)
	if err != nil {
		return err
	}
	e.values = values
	e.script, err = script.Compile(e.spec, e.options.script(values))
	return err
}

// teardown runs the spec's teardown once after the load, within the time that iterations have to finish.
func (e *Engine) teardown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, e.spec.Finish.Std())
	defer cancel()
	_, requests, err := e.runOnce(ctx, "teardown", e.spec.Teardown)
	e.setupRequests.Add(requests)
	return err
}

// runOnce runs steps once, as one user. It returns the variables that they set and the number of requests.
func (e *Engine) runOnce(ctx context.Context, what string, steps []loadgen.Step) (values map[string]string, requests int64, err error) {
	spec, o := script.OneShot(e.spec, what, steps), e.options
	o.Threads = 1
	o.left = func(v map[string]string) { values = v }
	if exchanged := o.Exchanged; exchanged != nil {
		o.Exchanged = func(x Exchange) {
			x.Aside = true
			exchanged(x)
		}
	}
	one, err := newEngine(spec, o, e.values)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", what, err)
	}
	var why []string
	share := loadgen.Share{Connections: 1, Quota: 1, Of: 1, Schedule: spec.UserSchedule()}
	err = one.Run(ctx, time.Now(), share, func(s loadgen.Snapshot) {
		requests += s.Delta.Requests
		why = append(why, problems(s)...)
	})
	switch {
	case err == nil && ctx.Err() != nil:
		err = fmt.Errorf("not finished in time: %w", ctx.Err())
	case err == nil && len(why) > 0:
		err = errors.New(strings.Join(why, "; "))
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
	}
	return values, requests, err
}

// problems describes what failed in a snapshot of setup or teardown.
func problems(s loadgen.Snapshot) (why []string) {
	for _, f := range s.Failures {
		why = append(why, strings.TrimPrefix(f.Step+": "+f.Reason, ": "))
	}
	for _, f := range s.ErrorReasons {
		why = append(why, string(f.Class)+": "+f.Why)
	}
	for _, n := range s.Named {
		if n.Unexpected > 0 {
			why = append(why, n.Name+": the response is not as expected"+failedChecks(s.Checks, n.Name))
		}
	}
	return why
}

// failedChecks returns the names of the checks of a step that failed.
func failedChecks(checks []loadgen.CheckCount, step string) string {
	text := ""
	for _, c := range checks {
		if c.Step == step && c.Failed > 0 {
			text += " (" + c.Check + ")"
		}
	}
	return text
}

// closing returns a sink that runs the teardown before the final snapshot, which then reports its result.
func (e *Engine) closing(ctx context.Context, sink func(loadgen.Snapshot)) func(loadgen.Snapshot) {
	if len(e.spec.Teardown) == 0 {
		return sink
	}
	return func(s loadgen.Snapshot) {
		if s.Final && ctx.Err() == nil {
			if err := e.teardown(ctx); err != nil {
				e.options.Log.Warn("teardown failed", "why", err)
				s.Failures = append(s.Failures, loadgen.IterationFailure{Step: "teardown", Reason: strings.TrimPrefix(err.Error(), "teardown: "), Count: 1})
			}
			n := e.setupRequests.Swap(0)
			s.Delta.Aside += n
			s.Total.Aside += n
		}
		sink(s)
	}
}
