package panel

import (
	"fmt"
	"strings"

	"landfall/node"
	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// Facts lists the known properties of a driver, name and value, in one or two columns.
func (v *Display) Facts(r sample.Driver, w int) []string {
	state, p := v.stateCell(r)
	limits := []string{}
	if r.MaxRate > 0 {
		limits = append(limits, figures.ShortRate(r.MaxRate))
	}
	if r.MaxConnections > 0 {
		limits = append(limits, figures.Plural(int64(r.MaxConnections), "connection"))
	}
	if r.MaxDuration > 0 {
		limits = append(limits, figures.Span(r.MaxDuration))
	}
	if len(limits) == 0 {
		limits = []string{"none"}
	}
	offset := "not known yet"
	if r.WithinUS >= 0 {
		offset = fmt.Sprintf("%+.1fms ± %.1fms", float64(r.OffsetUS)/1e3, float64(r.WithinUS)/1e3)
	}
	pairs := [][2]string{
		{"state", p.Paint(state) + v.Style.Dim.Paint("  last heartbeat "+figures.Age(r.Age)+" ago")}, {"host", node.Clean(r.Host, 80) + v.Style.Dim.Paint(fmt.Sprintf("  %s, %s", node.Clean(r.Os, 20), coresText(r.Cores)))},
		{"version", node.Clean(r.Version, 40)}, {"labels", node.Clean(r.Labels, 200)},
		{"may load", node.Clean(strings.Join(r.Allow, ", "), 200)}, {"limits", strings.Join(limits, ", ")},
		{"clock", offset}, {"CPU, memory", fmt.Sprintf("%.0f%% of a core, %.0f MB", 100*r.Cpu, float64(r.Rss)/1e6)},
		{"rate, p99", dash(r.Rate, figures.ShortRate) + ", " + dash(r.P99, figures.ShortMicros)}, {"requests", figures.Count(r.Requests) + ", " + figures.Count(r.Failed) + " failed"},
	}
	if r.Outbox > 0 {
		pairs = append(pairs, [2]string{"not yet sent", figures.Plural(int64(r.Outbox), "snapshot")})
	}
	if r.Note != "" {
		pairs = append(pairs, [2]string{"note", node.Clean(r.Note, 240)})
	}
	cell := func(p [2]string) string { return v.Style.Dim.Paint(style.Fill(p[0], 12)) + " " + p[1] }
	var lines []string
	if w < 100 {
		for _, p := range pairs {
			lines = append(lines, cell(p))
		}
		return lines
	}
	for i := 0; i < len(pairs); i += 2 {
		line := style.Fill(cell(pairs[i]), w/2)
		if i+1 < len(pairs) {
			line += cell(pairs[i+1])
		}
		lines = append(lines, line)
	}
	return lines
}

// EventsOf returns the run's events about one driver.
func (v *Display) EventsOf(id string, w int) (lines []string) {
	if v.Sample.Run == nil {
		return nil
	}
	for _, e := range v.Sample.Run.Events {
		if e.NodeID == id {
			lines = append(lines, v.EventLine(e, v.Sample.Run.ID, w))
		}
	}
	return lines
}

func coresText(n float64) string {
	if n == 1 {
		return "1 core"
	}
	return fmt.Sprintf("%.3g cores", n)
}
