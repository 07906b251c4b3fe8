package render

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs:\n%s\nwant:\n%s", name, got, want)
	}
}

func TestGoldens(t *testing.T) {
	a, b := report.Build(reporttest.Calm(), reporttest.T0.Add(reporttest.Seconds(10.2)), "1.0"), report.Build(reporttest.Rough(), reporttest.T0.Add(reporttest.Seconds(10.2)), "1.0")
	stopped := reporttest.Calm()
	stopped.StopBy, stopped.StopWhy = "ana@ops", "interrupted"
	for name, write := range map[string]func(*bytes.Buffer){
		"finished.txt": func(w *bytes.Buffer) { Text(w, a, false) },
		"failed.txt":   func(w *bytes.Buffer) { Text(w, b, false) },
		"interrupted.txt": func(w *bytes.Buffer) {
			Text(w, report.Build(stopped, reporttest.T0.Add(reporttest.Seconds(10.2)), "1.0"), false)
		},
		"nothing.txt": func(w *bytes.Buffer) { Text(w, report.Build(&fleet.Run{ID: "t-0"}, reporttest.T0, "1.0"), false) },
		"compare.txt": func(w *bytes.Buffer) {
			_ = Compare(w, a, b, false)
			_ = Comparison(w, report.Compared([]*report.Report{a}, b, 0), false)
		},
		"failed.csv": func(w *bytes.Buffer) { _ = CSV(w, b) },
	} {
		t.Run(name, func(t *testing.T) {
			var w bytes.Buffer
			write(&w)
			golden(t, name, w.Bytes())
		})
	}
}

// Hints about connections that could not be opened are shown even if the drivers were not the limit.
func TestHintsAreShown(t *testing.T) {
	run := reporttest.Calm()
	run.Drivers["drv-01"].Reasons = []string{"its descriptors: the process has no more (raise ulimit -n, or use fewer connections)"}
	var text bytes.Buffer
	Text(&text, report.Build(run, reporttest.T0.Add(time.Minute), "test"), false)
	if want := "\n  ▲ drv-01: its descriptors: the process has no more (raise ulimit -n, or use fewer connections)\n"; !strings.Contains(text.String(), want) {
		t.Errorf("no hint in\n%s", text.String())
	}
}

func TestColorOnlyPaints(t *testing.T) {
	r := report.Build(reporttest.Rough(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	var with, without bytes.Buffer
	Text(&with, r, true)
	Text(&without, r, false)
	if strings.Contains(without.String(), "\x1b") || !strings.Contains(with.String(), "\x1b[31m") {
		t.Error("colour is not what the parameter says")
	}
	var stripped strings.Builder
	for _, part := range strings.Split(with.String(), "\x1b[") {
		if i := strings.IndexByte(part, 'm'); i > 0 && i < 3 && strings.Trim(part[:i], "0123456789") == "" {
			part = part[i+1:]
		}
		stripped.WriteString(part)
	}
	if stripped.String() != without.String() {
		t.Error("colour changes the text")
	}
}

// Whatever a report contains, no control character reaches the terminal.
func TestHostileText(t *testing.T) {
	evil := "\x1b]0;owned\a\u202egnp\r\n\x9b2J" + strings.Repeat("漢", 300)
	run := reporttest.Rough()
	run.ID, run.Spec.Target, run.Spec.Name, run.StopBy, run.StopWhy = evil, evil, evil, evil, evil
	run.Total.Statuses[evil] = 3
	run.Events[1].Text, run.Events[1].Kind = evil, fleet.EventKind(evil)
	run.Drivers["drv-02"].NodeID, run.Drivers["drv-02"].Host = evil, evil
	run.Drivers["drv-03"].Reasons = []string{evil}
	run.Drivers["drv-03"].Answer = &node.Answer{Refuse: evil}
	run.Spec.Thresholds = append(run.Spec.Thresholds, loadgen.Threshold{Expr: evil})
	r := report.Build(run, reporttest.T0.Add(reporttest.Seconds(11)), evil)
	var w bytes.Buffer
	Text(&w, r, false)
	Compare(&w, r, r, false)
	_ = CSV(&w, r)
	for _, c := range w.String() {
		if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c)) {
			t.Fatalf("%U reaches the terminal", c)
		}
	}
}

func FuzzParse(f *testing.F) {
	good, _ := json.Marshal(report.Build(reporttest.Rough(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0"))
	f.Add(good)
	f.Add([]byte(`{"schema":1,"outcome":"passed","test_id":"t","kind":"\u009b","statuses":{"200":1},"intervals":[{}],"drivers":[{}],"named":[{}],"thresholds":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := report.Parse(data)
		if err != nil {
			return
		}
		var w bytes.Buffer
		Text(&w, r, false)
		Compare(&w, r, r, false)
		_ = CSV(&w, r)
		_ = HTML(&w, r)
		if c := strings.IndexFunc(w.String(), shownWrong); c >= 0 {
			t.Fatalf("%q is shown", w.String()[c:min(c+8, w.Len())])
		}
	})
}

// TestPartialSecond: the second in which a run ends has counts but no rate, also on charts and in CSV.
func TestPartialSecond(t *testing.T) {
	run := reporttest.Calm()
	run.Plans[0].UntilUS = 10.4e6
	for _, d := range run.Drivers {
		d.LastEnd = reporttest.Seconds(10.4)
	}
	run.Intervals.Append(&fleet.Interval{Delta: loadgen.Counts{Requests: 400, Responses: 400}, Expected: 3, Present: 3})
	r := report.Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	if last := r.Intervals[10]; last.Requests != 400 || last.RateRPS != nil {
		t.Errorf("%+v", last)
	}
	if line := chartsOf(r)[0].Lines[0]; len(line.Parts) != 1 || strings.Count(line.Parts[0], " ") != 9 {
		t.Errorf("throughput is drawn as %q, want ten whole seconds", line.Parts)
	}
	var w bytes.Buffer
	if err := CSV(&w, r); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(w.String()), "\n")
	if last := rows[len(rows)-1]; !strings.HasPrefix(last, "10000,400,400,0,0,0,,,,") {
		t.Errorf("the last row is %s", last)
	}
	if n := report.WholeSeconds(run, reporttest.T0.Add(reporttest.Seconds(11))); n != 10 {
		t.Errorf("%d whole seconds", n)
	}
}

// shownWrong reports control and format characters, which a terminal would not show as text.
func shownWrong(c rune) bool {
	return c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c))
}
