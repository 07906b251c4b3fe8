package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/loadgen/field"
	"landfall/node/figures"
	"landfall/node/orchestrator"
	"landfall/node/report"
)

// baselineCmd keeps reports under names, as files in the data folder: they outlive the topics and are available to runs with
// --local.
type baselineCmd struct {
	Set    baselineAddCmd    `cmd:"" help:"Create or replace a baseline."`
	Add    baselineMoreCmd   `cmd:"" help:"Add runs to a baseline; three or more measure the noise between equal runs."`
	List   baselineListCmd   `cmd:"" help:"List baselines and their runs."`
	Remove baselineRemoveCmd `cmd:"" help:"Remove a baseline."`
}

type baselineAddCmd struct {
	Kafka connect.Flags `embed:"" group:"Kafka"`
	Name  string        `arg:"" help:"Name of the baseline."`
	Runs  []string      `arg:"" name:"RUN|FILE" help:"Run ids or report files."`
}

type baselineMoreCmd baselineAddCmd

type baselineListCmd struct{}

type baselineRemoveCmd struct {
	Name string `arg:"" help:"Name of the baseline."`
}

var baselineName = field.Pattern(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// maxBaseline is the highest number of runs in a baseline.
const maxBaseline = 50

func (a *app) baselineDir(name string) (string, error) {
	if !baselineName().MatchString(name) {
		return "", fmt.Errorf("%q: must be at most 64 letters, digits, dots and dashes", name)
	}
	return filepath.Join(a.Data, "baselines", name), nil
}

func (c *baselineAddCmd) Run(a *app) error { return a.addBaseline(*c, true) }

// Run adds runs to those that the baseline has.
func (c *baselineMoreCmd) Run(a *app) error { return a.addBaseline(baselineAddCmd(*c), false) }

func (a *app) addBaseline(c baselineAddCmd, instead bool) error {
	dir, err := a.baselineDir(c.Name)
	if err != nil {
		return &exit.UsageError{Err: fmt.Errorf("baseline %w", err)}
	}
	if len(c.Runs) > maxBaseline {
		return &exit.UsageError{Err: fmt.Errorf("%d runs: a baseline has at most %d", len(c.Runs), maxBaseline)}
	}
	return a.reports(c.Kafka, c.Runs, func(list []*report.Report) error {
		for _, r := range list {
			if len(r.Blocks) == 0 {
				return &exit.UsageError{Err: fmt.Errorf("%s has no per-second figures, so nothing can be compared with it: a run must last some seconds", r.TestID)}
			}
		}
		if err := keep(dir, list, instead); err != nil {
			return err
		}
		kept, err := a.baseline(c.Name)
		if err == nil {
			fmt.Printf("%s: %s\n", c.Name, figures.Plural(int64(len(kept)), "run"))
		}
		return err
	})
}

// keep writes reports to the folder of a baseline and, if they replace it, then removes the older ones. If it fails, no run is lost.
func keep(dir string, list []*report.Report, instead bool) error {
	before, _ := filepath.Glob(filepath.Join(dir, "*.json")) // its only error is a bad pattern
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	written := map[string]bool{}
	for _, r := range list {
		path := filepath.Join(dir, fileName(r.TestID)+".json")
		part := path + ".part"
		err := writeFile(part, os.O_TRUNC, func(w io.Writer) error { return json.NewEncoder(w).Encode(r) })
		if err == nil {
			err = os.Rename(part, path)
		}
		if err != nil {
			return errors.Join(err, os.Remove(part))
		}
		written[path] = true
	}
	for _, path := range before {
		if instead && !written[path] {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// fileName converts a run id, which in a report file may be any text, to a safe file name.
func fileName(testID string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, testID)
	return "run-" + name[:min(len(name), 100)]
}

// baseline reads the runs of a baseline, or the report file of that name.
func (a *app) baseline(name string) ([]*report.Report, error) {
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		r, err := readReport(name)
		return []*report.Report{r}, err
	}
	dir, err := a.baselineDir(name)
	if err != nil {
		return nil, err
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "*.json")) // its only error is a bad pattern
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: no such baseline and no such file (create one with: landfall baseline set NAME RUN)", name)
	}
	slices.Sort(paths)
	var list []*report.Report
	for _, path := range paths[:min(len(paths), maxBaseline)] {
		r, err := readReport(path)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

func (c *baselineListCmd) Run(a *app) error {
	entries, err := os.ReadDir(filepath.Join(a.Data, "baselines"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	out := &written{w: os.Stdout}
	for _, e := range entries {
		list, err := a.baseline(e.Name())
		if err != nil {
			fmt.Fprintln(out, err)
			continue
		}
		var ids []string
		for _, r := range list {
			ids = append(ids, r.TestID)
		}
		fmt.Fprintf(out, "%s: %s\n", e.Name(), strings.Join(ids, ", "))
	}
	return out.err
}

func (c *baselineRemoveCmd) Run(a *app) error {
	dir, err := a.baselineDir(c.Name)
	if err != nil {
		return &exit.UsageError{Err: fmt.Errorf("baseline %w", err)}
	}
	if _, err := os.Stat(dir); err != nil {
		return &exit.UsageError{Err: fmt.Errorf("%s: no such baseline (see landfall baseline list)", c.Name)}
	}
	return os.RemoveAll(dir)
}

// isPath reports whether a name can only be that of a report file: run ids have neither folders nor an extension.
func isPath(name string) bool {
	return filepath.Base(name) != name || filepath.Ext(name) == ".json"
}

// reports reads report files, and runs from the topics. It connects to Kafka only if there are runs.
func (a *app) reports(kafka connect.Flags, names []string, use func([]*report.Report) error) error {
	list := make([]*report.Report, len(names))
	missing := false
	for i, name := range names {
		info, err := os.Stat(name)
		if err != nil || info.IsDir() {
			if isPath(name) {
				return &exit.UsageError{Err: fmt.Errorf("%s: no such report file (a run is named by its id, the beginning of it, or last)", name)}
			}
			missing = true
			continue
		}
		if list[i], err = readReport(name); err != nil {
			return &exit.UsageError{Err: err}
		}
	}
	if !missing {
		return use(list)
	}
	ctx := interrupted()
	return a.conduct(ctx, kafka, func(o *orchestrator.Orchestrator) error {
		for i, name := range names {
			if list[i] != nil {
				continue
			}
			id, err := resolveRun(o, name)
			if err != nil {
				return &exit.UsageError{Err: err}
			}
			o.Settle(ctx, id)
			r, running, err := o.Report(id)
			if err != nil {
				return err
			}
			if running {
				fmt.Fprintf(os.Stderr, "%s is still running: the report is partial\n", id)
			}
			list[i] = r
		}
		return use(list)
	})
}
