package script

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

// drawn returns, for each driver, the rows (counted from 0) of its first n iterations.
func drawn(t *testing.T, pick string, rows, drivers, n int) (list [][]string) {
	t.Helper()
	var table strings.Builder
	table.WriteString("id,name\n")
	for i := range rows {
		fmt.Fprintf(&table, "%d,user %d\n", i, i)
	}
	spec := scenarioSpec(loadgen.Step{Get: "/{{people.id}}"})
	spec.Data = map[string]loadgen.Dataset{"people": {Rows: table.String(), Pick: pick}}
	for driver := range drivers {
		s, err := Compile(spec, Options{DriverIndex: driver, Drivers: drivers})
		if err != nil {
			t.Fatal(err)
		}
		mine, limited := s.Program.Unique()
		if limited != (pick == loadgen.PickUnique) {
			t.Errorf("%s: limited %v", pick, limited)
		}
		scope := &template.Scope{Random: s.Random(0), Now: time.Now}
		var ids []string
		for k := range int64(n) {
			if k >= mine {
				break
			}
			s.Program.Reset(nil, k, k, scope)
			path := string(s.Program.Messages[0].path.Append(nil, scope))
			ids = append(ids, strings.TrimPrefix(path, "/"))
		}
		list = append(list, ids)
	}
	return list
}

func TestSequentialRowsInterleaveDrivers(t *testing.T) {
	if got := fmt.Sprint(drawn(t, "", 5, 2, 4)); got != "[[0 2 4 1] [1 3 0 2]]" {
		t.Error(got)
	}
}

func TestUniqueRowsAreSplitAmongDrivers(t *testing.T) {
	for rows := 1; rows < 12; rows++ {
		var all []string
		for _, ids := range drawn(t, loadgen.PickUnique, rows, 3, 100) {
			all = append(all, ids...)
		}
		slices.Sort(all)
		if distinct := slices.Compact(slices.Clone(all)); len(all) != rows || len(distinct) != rows {
			t.Errorf("%d rows: %v", rows, all)
		}
	}
	spec := loadgen.Spec{Data: map[string]loadgen.Dataset{
		"a": {Rows: "x\n1\n2\n3\n", Pick: loadgen.PickUnique}, "b": {Rows: `[{"x": 1}, {"x": 2}]`, Pick: loadgen.PickUnique}, "c": {Rows: "x\n1\n"},
	}}
	if n, limited := UniqueRows(spec); n != 2 || !limited {
		t.Errorf("%d, %v", n, limited)
	}
}

func TestRandomRowsAreUniform(t *testing.T) {
	counts := map[string]int{}
	for _, id := range drawn(t, loadgen.PickRandom, 4, 1, 4000)[0] {
		counts[id]++
	}
	for i := range 4 {
		if n := counts[fmt.Sprint(i)]; n < 850 || n > 1150 {
			t.Errorf("row %d was drawn %d times of 4000", i, n)
		}
	}
}

// Numbers and objects are filled in as JSON, null and missing values as an empty string.
func TestDataFromJSON(t *testing.T) {
	spec := scenarioSpec(loadgen.Step{Post: "/", Body: "{{d.a}}|{{d.b}}|{{d.c}}"}, loadgen.Step{If: "d.b > 1", Steps: []loadgen.Step{{Get: "/"}}})
	spec.Data = map[string]loadgen.Dataset{"d": {Rows: ` [{"a": "x \"y\"", "b": 2.50}, {"b": null, "c": {"d": [1]}}]`}}
	s, err := Compile(spec, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []string{`x "y"|2.50|`, `||{"d": [1]}`} {
		scope := &template.Scope{Random: rand.NewPCG(1, 2), Now: time.Now}
		s.Program.Reset(nil, int64(k), 0, scope)
		if got := string(s.Program.Messages[0].body.Append(nil, scope)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestErrorsNameTheDataSet(t *testing.T) {
	for want, data := range map[string]map[string]loadgen.Dataset{
		"data.d.rows: must have a header row":            {"d": {Rows: "a\n"}},
		"data.d.rows: must be CSV with a header row":     {"d": {Rows: "[1, 2]"}},
		"data.d.rows: must have at least one object":     {"d": {Rows: "[{}]"}},
		"data.uuid \"uuid\": is the name of a function":  {"uuid": {Rows: "a\n1\n"}},
		"data.env \"env\": is a reserved name":           {"env": {Rows: "a\n1\n"}},
		"no earlier step sets the variable d.x: did you": {"d": {Rows: "y\n1\n"}},
	} {
		spec := scenarioSpec(loadgen.Step{Get: "/{{d.x}}"})
		spec.Data = data
		if _, err := Compile(spec, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	spec := scenarioSpec(loadgen.Step{Get: "/"})
	spec.Data = map[string]loadgen.Dataset{"d": {Rows: "a\n1\n", Pick: "unik"}}
	if err := spec.Validate(); err == nil || !strings.Contains(err.Error(), `data.d.pick "unik": must be sequence, random or unique`) {
		t.Errorf("%v", err)
	}
}
