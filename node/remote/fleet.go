package remote

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"landfall/node"
	"landfall/node/remote/hosts"
)

// Config describes a fleet completely: nothing is read from files or the environment.
type Config struct {
	Name   string            `json:"name"`  // default "default"; distinguishes the fleets of one operator
	Owner  string            `json:"owner"` // prevents two operators from sharing a fleet by accident
	Hosts  []hosts.Host      `json:"hosts"` // as returned by hosts.Complete
	SSH    SSH               `json:"ssh"`
	Flags  []string          `json:"flags"`           // of `landfall driver` on every host, including --brokers
	Files  []hosts.File      `json:"-"`               // for flags that name a file
	Tunnel []string          `json:"tunnel"`          // advertised addresses (host:port) of brokers to forward through ssh
	Leads  map[string]string `json:"leads,omitempty"` // checked addresses at which tunnels to brokers end, where not at their names
	Self   string            `json:"self"`            // the binary; default: this process's
	Others string            `json:"others"`          // folder of landfall-GOOS-GOARCH; "": none
	Grace  time.Duration     `json:"grace_ns"`
	Log    *slog.Logger      `json:"-"` // default: none
}

const (
	atOnce   = 16               // hosts that are set up at a time
	startFor = 60 * time.Second // for the remote end's first answer
	graceFor = 30 * time.Second // default of Grace: time for drivers to drain before they are killed
)

// Validate returns a *field.Error that names the invalid field.
func (c Config) Validate() error {
	if len(c.Name) > 32 {
		return fmt.Errorf("fleet %q: must be at most 32 letters", node.Clean(c.Name, 64))
	}
	if err := node.CheckID("fleet", cmp.Or(c.Name, "default")); err != nil {
		return err
	}
	if len(c.Hosts) == 0 {
		_, err := hosts.Complete(nil, hosts.Host{})
		return err
	}
	for _, h := range c.Hosts {
		if err := h.Validate(); err != nil {
			return err
		}
	}
	return supported()
}

// Fleet manages the hosts of a list and their drivers. It is safe for concurrent use.
type Fleet struct {
	c        Config
	session  string
	binaries *Binaries
	slots    chan struct{}
	purge    atomic.Bool

	ending context.Context // done: the drivers must be stopped
	end    context.CancelFunc

	mu       sync.Mutex
	states   []hosts.State
	known    bool // states tell which hosts may have drivers
	watching map[chan struct{}]bool
	up       chan struct{} // closed when Up has returned; nil: never called
}

// New validates the configuration. It does not connect.
func New(c Config) (*Fleet, error) {
	c.Name, c.Grace = cmp.Or(c.Name, "default"), cmp.Or(c.Grace, graceFor)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	f := &Fleet{c: c, session: rand.Text(), binaries: &Binaries{Self: c.Self, Dir: c.Others}, slots: make(chan struct{}, atOnce), watching: map[chan struct{}]bool{}}
	f.ending, f.end = context.WithCancel(context.Background())
	for _, h := range c.Hosts {
		f.states = append(f.states, hosts.State{Host: h.Name, Address: h.String(), Phase: hosts.Waiting, Wanted: h.Drivers, Since: time.Now()})
	}
	return f, nil
}

// ErrTwice means that Up was called before.
var ErrTwice = errors.New("this fleet was brought up before")

// Up starts the drivers of all hosts and supervises them: it restarts drivers that crash, and reconnects when
// the network fails. It returns nil after Down, the context's cause when ctx is done (drivers keep running),
// and an error when retrying cannot help any host.
func (f *Fleet) Up(ctx context.Context) error {
	f.mu.Lock()
	if f.up != nil {
		f.mu.Unlock()
		return ErrTwice
	}
	if f.ending.Err() != nil { // Down was called before, and does not wait for this
		f.mu.Unlock()
		return nil
	}
	f.up, f.known = make(chan struct{}), true
	f.mu.Unlock()
	defer close(f.up)
	err := f.all(func(i int, dir string) { f.supervise(ctx, i, dir) })
	switch {
	case err != nil:
		return err
	case f.ending.Err() != nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return errors.New("no host is left to supervise")
}

// Down drains and stops the drivers and removes the fleet's files from the hosts, except for the binary;
// purge removes that too. If Up is running, Down uses its connections, and Up returns. An error names the
// hosts that may still have drivers.
func (f *Fleet) Down(ctx context.Context, purge bool) error {
	f.purge.Store(purge)
	f.end()
	f.mu.Lock()
	up := f.up
	f.mu.Unlock()
	if up != nil {
		select {
		case <-up:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	err := f.all(func(i int, dir string) {
		if up == nil || f.States()[i].Phase == hosts.Failed { // Up no longer retries it
			f.takeDown(ctx, i, dir)
		}
	})
	return cmp.Or(err, f.left())
}

// Look queries the drivers' state once on every host.
func (f *Fleet) Look(ctx context.Context) error {
	return f.all(func(i int, dir string) { f.query(ctx, i, dir) })
}

// all calls do for every host concurrently, with a private folder for sockets.
func (f *Fleet) all(do func(i int, dir string)) error {
	dir, remove, err := sockets()
	if err != nil {
		return err
	}
	defer remove()
	var wg sync.WaitGroup
	for i := range f.c.Hosts {
		wg.Go(func() { do(i, dir) })
	}
	wg.Wait()
	return nil
}

// left returns an error that names the hosts that are not down.
func (f *Fleet) left() error {
	var failed []error
	for i, s := range f.States() {
		what := "drivers may be left"
		if f.untouched(i) {
			what = "its cached binary may be left"
		}
		if s.Phase != hosts.Down {
			failed = append(failed, fmt.Errorf("host %s: %s: %s", s.Host, what, cmp.Or(s.Detail, string(s.Phase))))
		}
	}
	return errors.Join(failed...)
}

// States returns the current states of the hosts, in the order of the configuration.
func (f *Fleet) States() []hosts.State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]hosts.State(nil), f.states...)
}

// Remember sets initial states, stored by an earlier process.
func (f *Fleet) Remember(states []hosts.State) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known = true
	for _, s := range states {
		for i := range f.states {
			if f.states[i].Host == s.Host {
				f.states[i].Touched = s.Touched
			}
		}
	}
}

// Subscribe returns a channel with room for one signal: a state has changed since the last receive.
func (f *Fleet) Subscribe() (changed <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watching[c] = true
	return c, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.watching, c)
	}
}

// set changes a host's state.
func (f *Fleet) set(i int, phase hosts.Phase, detail string, more ...func(*hosts.State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &f.states[i]
	if s.Phase != phase {
		s.Since = time.Now()
		f.c.Log.Info("host", "host", s.Host, "state", phase, "detail", detail)
	}
	s.Phase, s.Detail = phase, detail
	for _, change := range more {
		change(s)
	}
	for c := range f.watching {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// folder returns the name of a host's folder for this fleet. It is short, because it is part of a socket's
// path, and specific to the host, because homes may be shared.
func (f *Fleet) folder(h hosts.Host) string {
	sum := sha256.Sum256([]byte(f.c.Owner + "\x00" + f.c.Name + "\x00" + h.Name))
	return hex.EncodeToString(sum[:6])
}

// filesFor returns the files of a host's drivers, without those of other hosts' drivers, such as their keys.
func (f *Fleet) filesFor(h hosts.Host) (list []hosts.File) {
	names := h.DriverNames()
	for _, file := range f.c.Files {
		if file.Driver == "" || slices.Contains(names, file.Driver) {
			list = append(list, file)
		}
	}
	return list
}

// ends returns the addresses at which the tunnels to the brokers end. Names are not resolved again: they
// could resolve to this machine by now.
func (f *Fleet) ends() (list []string) {
	for _, broker := range f.c.Tunnel {
		if addr, ok := f.c.Leads[broker]; ok {
			broker = addr
		}
		list = append(list, broker)
	}
	return list
}

func (f *Fleet) launches(h hosts.Host, p place) []hosts.Launch {
	flags := append([]string(nil), f.c.Flags...)
	for i, broker := range f.c.Tunnel {
		flags = append(flags, "--kafka-dial="+broker+"=unix:"+p.socketOf(i))
	}
	return h.Launches(append(flags, "--label=fleet="+f.c.Name))
}
