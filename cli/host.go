package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"landfall/cli/exit"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
)

// silentFor is how long the broker may be unresponsive while the topics are read. Reading itself has no timeout.
const silentFor = 15 * time.Second

// Host runs an orchestrator during use, which it calls once the orchestrator has read the topics. ctx limits
// the time until then.
func Host(ctx context.Context, o *orchestrator.Orchestrator, use func(*orchestrator.Orchestrator) error) error {
	hosted, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- o.Run(hosted) }()
	if err := ready(ctx, o, ended); err != nil {
		stop()
		return err
	}
	used := make(chan error, 1)
	go func() { used <- use(o) }()
	select {
	case err := <-used:
		stop()
		return errors.Join(err, <-ended)
	case err := <-ended: // a topic can no longer be read
		return err
	}
}

func ready(ctx context.Context, o *orchestrator.Orchestrator, ended <-chan error) error {
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	answered := time.Now()
	for {
		select {
		case <-o.Ready():
			return nil
		case err := <-ended:
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		case now := <-look.C:
			err := o.Connected()
			if err == nil {
				answered = now
			}
			if now.Sub(answered) > silentFor {
				return fmt.Errorf("read the topics: %w", err)
			}
		}
	}
}

// Alive returns nil if a driver on a host has a recent heartbeat.
func Alive(o *orchestrator.Orchestrator, host string) (err error) {
	o.View(func(s *fleet.State) {
		for _, d := range s.Drivers() {
			if d.Host == host && d.Liveness == fleet.Alive {
				return
			}
		}
		err = fmt.Errorf("no driver of %s is alive", host)
	})
	return err
}

// Answers returns nil if a URL answers a GET with a status from 200 to 299 within 5 s.
func Answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil || req.URL.Host == "" || req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return &exit.UsageError{Err: fmt.Errorf("%q: must be a URL, such as http://127.0.0.1:8080/ping", url)}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s answers %s", url, resp.Status)
	}
	return nil
}
