package agent

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"landfall/node"
	"landfall/node/remote/daemon"
	"landfall/node/remote/hosts"
)

const (
	checkEvery     = 250 * time.Millisecond
	heartbeatEvery = 2 * time.Second  // heartbeat interval
	stableAfter    = 30 * time.Second // uptime after which earlier crashes no longer count
)

// ErrReplaced means that another session now supervises the drivers, or that the fleet was stopped.
var ErrReplaced = errors.New("another session supervises this host's drivers now, or has stopped them")

// supervised is a supervised driver.
type supervised struct {
	hosts.Driver
	launch   hosts.Launch
	started  bool // it has been seen running, or exited cleanly before
	since    time.Time
	failures int
	retry    time.Time
}

func (s *server) keep(ctx context.Context) error {
	ignoreSignals()
	if err := os.MkdirAll(s.drivers(), 0o700); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var mine plan
	var charges []*supervised
	if err := s.within(ctx, func() (err error) {
		mine, charges, err = s.takeOver(ctx, self)
		return err
	}); err != nil {
		return err
	}
	k := &supervision{server: s, plan: mine, charges: charges}
	stop := k.startHeartbeat()
	defer stop()
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		if err := s.within(ctx, k.checkAll); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// takeOver writes the plan and its files, and stops the drivers that are not part of it or have changed.
func (s *server) takeOver(ctx context.Context, self string) (plan, []*supervised, error) {
	next, last, err := s.newPlan(self)
	if err != nil {
		return next, nil, err
	}
	for _, f := range s.order.Files {
		if err := replace(filepath.Join(s.folder(), f.Name), f.Data); err != nil {
			return next, nil, err
		}
	}
	stale := outdated(last, next)
	if err := s.endAll(ctx, stale, func() {}); err != nil {
		return next, nil, err
	}
	var charges []*supervised
	for _, d := range next.Drivers {
		c := &supervised{Driver: hosts.Driver{Name: d.Name}, launch: d}
		if _, err := os.Stat(daemon.FilesOf(s.drivers(), d.Name).Log); err == nil && last.Session == next.Session {
			c.started = true // by this operator, before the network failed: drivers that have exited cleanly since stay stopped
		}
		charges = append(charges, c)
	}
	return next, charges, nil
}

// supervision is a plan under supervision.
type supervision struct {
	*server
	plan    plan
	charges []*supervised

	mu       sync.Mutex
	reported []hosts.Driver
}

// checkAll checks every driver once.
func (k *supervision) checkAll() error {
	if now, err := k.readPlan(); err != nil || now.Keeper != k.plan.Keeper {
		return ErrReplaced
	}
	reap()
	var wg sync.WaitGroup
	for _, c := range k.charges {
		wg.Go(func() { k.checkDriver(c, time.Now()) })
	}
	wg.Wait()
	return k.report()
}

// checkDriver checks a driver, and starts it if it is due.
func (k *supervision) checkDriver(c *supervised, now time.Time) {
	pid, joined, left, err := daemon.Look(k.drivers(), c.Name)
	if err != nil {
		c.Problem = node.Clean(err.Error(), 200)
		return
	}
	c.update(now, c.PID != 0, pid, joined, left)
	if c.PID != 0 && !c.Joined {
		c.Problem = lastLine(daemon.FilesOf(k.drivers(), c.Name).Log)
	}
	if !c.due(now) {
		return
	}
	again := c.started
	c.started = true
	err = daemon.Start(k.drivers(), c.Name, daemon.Arguments(c.launch.Args, c.Name), io.Discard)
	if again {
		c.Restarts++
	}
	if err != nil {
		c.died(time.Now(), node.Clean(err.Error(), 300))
		return
	}
	pid, joined, left, _ = daemon.Look(k.drivers(), c.Name)
	c.update(time.Now(), true, pid, joined, left)
}

// update records the state of the driver, and whether it was running until now.
func (c *supervised) update(now time.Time, ran bool, pid int, joined, left bool) {
	switch {
	case pid != 0:
		if pid != c.PID {
			c.since = now
		}
		c.started, c.Left = true, false
		if now.Sub(c.since) > stableAfter {
			c.failures = 0
		}
		if joined {
			c.Problem = ""
		}
	case left && c.started && (ran || c.failures == 0):
		c.Left, c.Problem = true, ""
	case ran:
		c.died(now, "it died")
	}
	c.PID, c.Joined = pid, joined
}

func (c *supervised) died(now time.Time, why string) {
	c.failures++
	c.retry = now.Add(hosts.Pause(c.failures))
	c.Problem = why
}

// due reports whether the driver must be started now.
func (c *supervised) due(now time.Time) bool { return c.PID == 0 && !c.Left && !now.Before(c.retry) }

// report sends the drivers' states if they have changed.
func (k *supervision) report() error {
	next := make([]hosts.Driver, len(k.charges))
	for i, c := range k.charges {
		next[i] = c.Driver
	}
	k.mu.Lock()
	same := slices.Equal(next, k.reported)
	k.reported = next
	k.mu.Unlock()
	if same {
		return nil
	}
	return k.say(hosts.Answer{Drivers: next})
}

// startHeartbeat sends heartbeats, even while a driver takes long to start.
func (k *supervision) startHeartbeat() (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(heartbeatEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = k.sendHeartbeat() // the reader notices the end of the session
			case <-done:
				return
			}
		}
	})
	return func() { close(done); wg.Wait() }
}

func (k *supervision) sendHeartbeat() error {
	k.mu.Lock()
	reported := k.reported
	k.mu.Unlock()
	return k.say(hosts.Answer{Drivers: reported})
}

// lastLine returns the last line of a log, truncated.
func lastLine(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	if size, err := f.Seek(0, io.SeekEnd); err == nil {
		_, _ = f.Seek(max(size-2048, 0), io.SeekStart)
	}
	data, _ := io.ReadAll(io.LimitReader(f, 2048))
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	text := string(lines[len(lines)-1])
	if _, message, ok := strings.Cut(text, " msg="); ok {
		text = message
	}
	return node.Clean(text, 200)
}
