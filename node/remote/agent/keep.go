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
	lookEvery = 250 * time.Millisecond
	sayEvery  = 2 * time.Second  // heartbeat interval
	wellAfter = 30 * time.Second // uptime after which earlier crashes no longer count
)

// ErrReplaced means that another session now supervises the drivers, or that the fleet was stopped.
var ErrReplaced = errors.New("another session supervises this host's drivers now, or has stopped them")

// charge is a supervised driver.
type charge struct {
	hosts.Driver
	launch   hosts.Launch
	begun    bool // it has been seen running, or exited cleanly before
	since    time.Time
	failures int
	retry    time.Time
}

func (s *server) keep(ctx context.Context) error {
	endure()
	if err := os.MkdirAll(s.drivers(), 0o700); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var mine plan
	var charges []*charge
	if err := s.within(ctx, func() (err error) {
		mine, charges, err = s.takeOver(ctx, self)
		return err
	}); err != nil {
		return err
	}
	k := &keeping{server: s, plan: mine, charges: charges}
	stop := k.beat()
	defer stop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.within(ctx, k.turn); err != nil {
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
func (s *server) takeOver(ctx context.Context, self string) (plan, []*charge, error) {
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
	var charges []*charge
	for _, d := range next.Drivers {
		c := &charge{Driver: hosts.Driver{Name: d.Name}, launch: d}
		if _, err := os.Stat(daemon.FilesOf(s.drivers(), d.Name).Log); err == nil && last.Session == next.Session {
			c.begun = true // by this operator, before the network failed: drivers that have exited cleanly since stay stopped
		}
		charges = append(charges, c)
	}
	return next, charges, nil
}

// keeping is a plan under supervision.
type keeping struct {
	*server
	plan    plan
	charges []*charge

	mu   sync.Mutex
	told []hosts.Driver
}

// turn checks every driver once.
func (k *keeping) turn() error {
	if now, err := k.readPlan(); err != nil || now.Keeper != k.plan.Keeper {
		return ErrReplaced
	}
	reap()
	var wg sync.WaitGroup
	for _, c := range k.charges {
		wg.Go(func() { k.mind(c, time.Now()) })
	}
	wg.Wait()
	return k.tell()
}

// mind checks a driver, and starts it if it is due.
func (k *keeping) mind(c *charge, now time.Time) {
	pid, joined, left, err := daemon.Look(k.drivers(), c.Name)
	if err != nil {
		c.Problem = node.Clean(err.Error(), 200)
		return
	}
	c.see(now, c.PID != 0, pid, joined, left)
	if c.PID != 0 && !c.Joined {
		c.Problem = lastWords(daemon.FilesOf(k.drivers(), c.Name).Log)
	}
	if !c.due(now) {
		return
	}
	again := c.begun
	c.begun = true
	err = daemon.Start(k.drivers(), c.Name, daemon.Arguments(c.launch.Args, c.Name), io.Discard)
	if again {
		c.Restarts++
	}
	if err != nil {
		c.died(time.Now(), node.Clean(err.Error(), 300))
		return
	}
	pid, joined, left, _ = daemon.Look(k.drivers(), c.Name)
	c.see(time.Now(), true, pid, joined, left)
}

// see records the state of the driver, and whether it was running until now.
func (c *charge) see(now time.Time, ran bool, pid int, joined, left bool) {
	switch {
	case pid != 0:
		if pid != c.PID {
			c.since = now
		}
		c.begun, c.Left = true, false
		if now.Sub(c.since) > wellAfter {
			c.failures = 0
		}
		if joined {
			c.Problem = ""
		}
	case left && c.begun && (ran || c.failures == 0):
		c.Left, c.Problem = true, ""
	case ran:
		c.died(now, "it died")
	}
	c.PID, c.Joined = pid, joined
}

func (c *charge) died(now time.Time, why string) {
	c.failures++
	c.retry = now.Add(hosts.Pause(c.failures))
	c.Problem = why
}

// due reports whether the driver must be started now.
func (c *charge) due(now time.Time) bool { return c.PID == 0 && !c.Left && !now.Before(c.retry) }

// tell sends the drivers' states if they have changed.
func (k *keeping) tell() error {
	next := make([]hosts.Driver, len(k.charges))
	for i, c := range k.charges {
		next[i] = c.Driver
	}
	k.mu.Lock()
	same := slices.Equal(next, k.told)
	k.told = next
	k.mu.Unlock()
	if same {
		return nil
	}
	return k.say(hosts.Answer{Drivers: next})
}

// beat sends heartbeats, even while a driver takes long to start.
func (k *keeping) beat() (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(sayEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = k.beatOnce() // the reader notices the end of the session
			case <-done:
				return
			}
		}
	})
	return func() { close(done); wg.Wait() }
}

func (k *keeping) beatOnce() error {
	k.mu.Lock()
	told := k.told
	k.mu.Unlock()
	return k.say(hosts.Answer{Drivers: told})
}

// lastWords returns the last line of a log, truncated.
func lastWords(path string) string {
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
