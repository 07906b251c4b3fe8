package hosts

import (
	"fmt"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"
)

// Summary describes all hosts in one line.
func Summary(states []State) string {
	count := map[Phase]int{}
	drivers, wanted, restarts := 0, 0, 0
	for _, s := range states {
		count[s.Phase]++
		drivers += s.Running()
		wanted += s.Wanted
		restarts += s.Restarts()
	}
	parts := []string{fmt.Sprintf("%d of %d hosts up", count[Up], len(states)), fmt.Sprintf("%d of %d drivers running", drivers, wanted)}
	for _, p := range []Phase{Waiting, Connecting, Copying, Starting, Restarting, Unreachable, Failed, Ending, Down} {
		if count[p] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[p], p))
		}
	}
	if restarts > 0 {
		parts = append(parts, times(restarts))
	}
	return strings.Join(parts, ", ")
}

func times(restarts int) string {
	if restarts == 1 {
		return "1 restart"
	}
	return fmt.Sprint(restarts, " restarts")
}

// Table returns a title and one line per host, none wider than width. If they exceed height (0: no limit),
// hosts without problems are omitted and counted.
func Table(states []State, width, height int, now time.Time) []string {
	rows, left := states, 0
	if room := height - 2; height > 0 && len(states) > room {
		rows, left = worst(states, max(room-1, 1))
	}
	nameW, addrW := len("host"), len("address")
	for _, s := range rows {
		nameW, addrW = min(max(nameW, len(s.Host)), 24), min(max(addrW, len(s.Address)), 32)
	}
	line := func(name, addr, phase, drivers, restarts, since, detail string) string {
		text := fmt.Sprintf("%-*s  %-*s  %-11s  %7s  %8s  %5s  %s", nameW, name, addrW, addr, phase, drivers, restarts, since, detail)
		return strings.TrimRight(runewidth.Truncate(text, width, "…"), " ")
	}
	lines := []string{line("host", "address", "state", "drivers", "restarts", "since", "")}
	for _, s := range rows {
		lines = append(lines, line(runewidth.Truncate(s.Host, 24, "…"), runewidth.Truncate(s.Address, 32, "…"), string(s.Phase), fmt.Sprintf("%d/%d", s.Running(), s.Wanted), fmt.Sprint(s.Restarts()), age(now.Sub(s.Since)), s.Detail))
	}
	if left > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", left))
	}
	return lines
}

// worst keeps n states in their order, and drops those that are up first.
func worst(states []State, n int) (kept []State, left int) {
	bad := 0
	for _, s := range states {
		if s.Phase != Up {
			bad++
		}
	}
	good := max(n-bad, 0)
	for _, s := range states {
		switch {
		case len(kept) == n:
		case s.Phase != Up:
			kept = append(kept, s)
		case good > 0:
			good--
			kept = append(kept, s)
		}
	}
	return kept, len(states) - len(kept)
}

func age(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Minute:
		return fmt.Sprintf("%.0fs", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%.0fm", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0fh", d.Hours())
	}
	return fmt.Sprintf("%.0fd", d.Hours()/24)
}
