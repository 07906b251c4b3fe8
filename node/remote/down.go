package remote

import (
	"context"
	"errors"
	"time"

	"landfall/node/remote/hosts"
)

// takeDown stops a host's drivers over a new connection, and retries for as long as connecting may take.
func (f *Fleet) takeDown(ctx context.Context, i int, dir string) {
	if f.untouched(i) && !f.purge.Load() {
		f.set(i, hosts.Down, "nothing was started there")
		return
	}
	began := time.Now()
	for failures := 1; ; failures++ {
		err := f.tryDown(ctx, i, dir)
		var permanent *PermanentError
		if err == nil {
			return
		}
		f.set(i, hosts.Unreachable, words(err))
		if errors.As(err, &permanent) || time.Since(began)+hosts.Pause(failures) > f.c.SSH.connect() {
			return
		}
		select { // sshd drops some of many simultaneous connections
		case <-time.After(hosts.Pause(failures)):
		case <-ctx.Done():
			return
		}
	}
}

// untouched reports whether it is known that nothing was started on a host.
func (f *Fleet) untouched(i int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known && !f.states[i].Touched
}

func (f *Fleet) tryDown(ctx context.Context, i int, dir string) error {
	release, err := f.slot(ctx)
	if err != nil {
		return err
	}
	defer release()
	l, p, err := f.settle(ctx, i, dir, false)
	if err != nil {
		return err
	}
	defer l.close()
	if !p.used && !(p.there && f.purge.Load()) {
		f.set(i, hosts.Down, "", gone)
		return nil
	}
	if p.used {
		if err := tunnel(ctx, l, p, f.ends()); err != nil { // without it, drivers cannot deregister
			f.c.Log.Warn("no tunnel", "host", f.c.Hosts[i].Name, "error", err)
		}
	}
	err = f.endOn(ctx, i, l, p)
	if err != nil && f.nothing(ctx, i, l) { // another host that shares the home was faster
		f.set(i, hosts.Down, "", gone)
		return nil
	}
	return err
}

// nothing reports whether a host has neither drivers of this fleet nor the binary.
func (f *Fleet) nothing(ctx context.Context, i int, l *link) bool {
	b, err := f.binaries.For(l.system)
	if err != nil {
		return false
	}
	p, err := find(ctx, l, b, f.folder(f.c.Hosts[i]))
	return err == nil && !p.used && !p.there
}

// endOn stops a host's drivers over an existing connection.
func (f *Fleet) endOn(ctx context.Context, i int, l *link, p place) error {
	f.set(i, hosts.Ending, "")
	err := ask(ctx, l, p, hosts.Order{Do: hosts.End, Folder: f.folder(f.c.Hosts[i]), Grace: f.c.Grace.Milliseconds(), Purge: f.purge.Load()}, f.c.Grace+startFor, func(a hosts.Answer) {
		if !a.Done {
			f.set(i, hosts.Ending, "", func(s *hosts.State) { s.Drivers = a.Drivers })
		}
	})
	if err == nil {
		f.set(i, hosts.Down, "", gone)
	}
	return err
}

func gone(s *hosts.State) { s.Drivers, s.Touched = nil, false }
