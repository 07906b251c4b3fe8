package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"landfall/node"
	"landfall/node/remote/hosts"
)

// supervise keeps one host up until the fleet is stopped, ctx ends, or an error is final.
func (f *Fleet) supervise(ctx context.Context, i int, dir string) {
	failures := 0
	for {
		began := time.Now()
		err := f.visit(ctx, i, dir)
		if f.ending.Err() != nil {
			if err != nil {
				f.takeDown(ctx, i, dir)
			}
			return
		}
		if ctx.Err() != nil {
			return
		}
		var permanent *PermanentError
		if errors.As(err, &permanent) {
			f.set(i, hosts.Failed, words(err))
			return
		}
		if time.Since(began) > time.Minute {
			failures = 0
		}
		failures++
		f.set(i, hosts.Unreachable, fmt.Sprintf("%s; again in %s", words(err), hosts.Pause(failures)))
		select {
		case <-time.After(hosts.Pause(failures)):
		case <-f.ending.Done():
		case <-ctx.Done():
			return
		}
	}
}

// words formats an error for a table.
func words(err error) string { return node.Clean(err.Error(), 240) }

// slot limits how many hosts are set up at the same time.
func (f *Fleet) slot(ctx context.Context) (release func(), err error) {
	select {
	case f.slots <- struct{}{}:
		return func() { <-f.slots }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// visit connects to a host, starts its drivers and follows their state until something fails, or until the
// fleet is stopped: then it stops them and returns nil.
func (f *Fleet) visit(ctx context.Context, i int, dir string) error {
	setup, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(f.ending, cancel)()
	release, err := f.slot(setup)
	if err != nil {
		return err
	}
	held := true
	letGo := func() {
		if held {
			held = false
			release()
		}
	}
	defer letGo()
	l, p, err := f.settle(setup, i, dir, true)
	if err != nil {
		return f.retriableIfSeen(i, err)
	}
	defer l.close()
	if err := tunnel(setup, l, p, f.ends()); err != nil {
		return err
	}
	f.set(i, hosts.Starting, "", func(s *hosts.State) { s.Touched = true })
	h := f.c.Hosts[i]
	living, stop := context.WithCancel(ctx)
	defer stop()
	s, err := begin(living, l, p, hosts.Order{Do: hosts.Keep, Folder: f.folder(h), Session: f.session,
		Drivers: f.launches(h, p), Files: f.filesFor(h), Grace: f.c.Grace.Milliseconds()})
	if err != nil {
		return err
	}
	defer s.close()
	if err := f.listen(ctx, i, s, letGo); err != nil {
		return err
	}
	s.close()
	return f.endOn(ctx, i, l, p)
}

// retriableIfSeen makes the error of a host retriable if it was up before: it may be rebooting.
func (f *Fleet) retriableIfSeen(i int, err error) error {
	var permanent *PermanentError
	if f.States()[i].Drivers != nil && errors.As(err, &permanent) {
		return permanent.Err
	}
	return err
}

// listen follows the state reported by the remote end; nil: the fleet is being stopped.
func (f *Fleet) listen(ctx context.Context, i int, s *session, started func()) error {
	limit := time.NewTimer(startFor + f.c.Grace) // drivers of an older version are stopped first
	defer limit.Stop()
	for {
		select {
		case a, ok := <-s.answers:
			if !ok {
				return s.ended()
			}
			if a.Done {
				return cmp.Or(refusal(a), errors.New("the session ended"))
			}
			limit.Reset(silence)
			if a.Drivers == nil {
				continue
			}
			phase, detail := hosts.PhaseOf(a.Drivers)
			f.set(i, phase, detail, func(s *hosts.State) { s.Drivers = a.Drivers })
			started()
		case <-limit.C:
			return errors.New("no longer responds")
		case <-f.ending.Done():
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// settle connects and installs the binary; if there are no drivers to run, it only locates existing ones.
func (f *Fleet) settle(ctx context.Context, i int, dir string, keep bool) (*link, place, error) {
	f.set(i, hosts.Connecting, "")
	l, err := dial(ctx, f.c.SSH, f.c.Hosts[i], dir)
	if err != nil {
		return nil, place{}, err
	}
	p, err := f.install(ctx, i, l, keep)
	if err != nil {
		l.close()
		return nil, place{}, err
	}
	return l, p, nil
}

// install copies the binary if it is needed and missing.
func (f *Fleet) install(ctx context.Context, i int, l *link, keep bool) (place, error) {
	b, err := f.binaries.For(l.system)
	if err != nil {
		return place{}, err
	}
	folder := f.folder(f.c.Hosts[i])
	p, err := find(ctx, l, b, folder)
	if err != nil || !keep && !p.used {
		return p, err
	}
	if !p.there {
		f.set(i, hosts.Copying, "")
		err := copyTo(ctx, l, b, p, func(percent int) {
			f.set(i, hosts.Copying, fmt.Sprintf("%d%% of %.1f MB", percent, float64(b.Size)/1e6))
		})
		if err != nil {
			return p, err
		}
		if p, err = find(ctx, l, b, folder); err != nil {
			return p, err
		}
		if !p.there {
			return p, errors.New("the binary that arrived is not the one that was sent")
		}
	}
	return p, nil
}
