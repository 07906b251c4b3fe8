package render

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	a, b := report.Build(reporttest.Healthy(), reporttest.T0.Add(reporttest.Seconds(10.2)), "1.0"), report.Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(10.2)), "1.0")
	stopped := reporttest.Healthy()
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

// Whatever a report contains, no control character reaches the terminal.
func TestHostileText(t *testing.T) {
	evil := "\x1b]0;owned\a\u202egnp\r\n\x9b2J" + strings.Repeat("漢", 300)
	run := reporttest.Faulty()
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
	good, _ := json.Marshal(report.Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0"))
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

// shownWrong reports control and format characters, which a terminal would not show as text.
func shownWrong(c rune) bool {
	return c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c))
}
