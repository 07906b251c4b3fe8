package remote

import (
	"context"
	"fmt"
	"time"

	"landfall/node"
	"landfall/node/remote/hosts"
)

// query queries a host once.
func (f *Fleet) query(ctx context.Context, i int, dir string) {
	release, err := f.slot(ctx)
	if err != nil {
		return
	}
	defer release()
	l, p, err := f.reach(ctx, i, dir)
	if err != nil {
		f.set(i, hosts.Unreachable, words(err))
		return
	}
	defer l.close()
	phase, detail, drivers := hosts.Down, "", []hosts.Driver(nil)
	if p.used && p.there {
		err = ask(ctx, l, p, hosts.Order{Do: hosts.Look, Folder: f.folder(f.c.Hosts[i])}, startFor, func(a hosts.Answer) {
			if a.Drivers != nil {
				drivers = a.Drivers
				phase, detail = hosts.PhaseOf(drivers)
			}
		})
	} else if p.used {
		detail = "drivers of another version may be running there: landfall fleet down stops them"
		phase = hosts.Failed
	}
	if err != nil {
		phase, detail = hosts.Failed, words(err)
	}
	f.set(i, phase, detail, func(s *hosts.State) { s.Drivers = drivers })
}

// reach connects to a host and locates its files.
func (f *Fleet) reach(ctx context.Context, i int, dir string) (*link, place, error) {
	f.set(i, hosts.Connecting, "")
	l, err := dial(ctx, f.c.SSH, f.c.Hosts[i], dir)
	if err != nil {
		return nil, place{}, err
	}
	var p place
	b, err := f.binaries.For(l.system)
	if err == nil {
		p, err = find(ctx, l, b, f.folder(f.c.Hosts[i]))
	}
	if err != nil {
		l.close()
	}
	return l, p, err
}

// Logs returns the last lines of a host's logs, of one driver or with "" of all; with on, also new lines
// until ctx ends.
func (f *Fleet) Logs(ctx context.Context, host, driver string, lines int, on bool, show func(driver, text string)) error {
	at := -1
	for i, h := range f.c.Hosts {
		if h.Name == host || h.String() == host {
			at = i
		}
	}
	if at < 0 {
		return fmt.Errorf("host %q: not one of this fleet", node.Clean(host, 80))
	}
	dir, remove, err := sockets()
	if err != nil {
		return err
	}
	defer remove()
	l, p, err := f.reach(ctx, at, dir)
	if err != nil {
		return err
	}
	defer l.close()
	if !p.used || !p.there {
		return fmt.Errorf("host %s: no driver of this fleet runs there", host)
	}
	limit := startFor
	if on {
		limit = 365 * 24 * time.Hour // a driver may log nothing for long
	}
	return ask(ctx, l, p, hosts.Order{Do: hosts.Follow, Folder: f.folder(f.c.Hosts[at]), Driver: driver, Lines: lines, On: on}, limit, func(a hosts.Answer) {
		if a.Line != nil {
			show(a.Line.Driver, node.Clean(a.Line.Text, 4096))
		}
	})
}
