package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
)

// pages returns the text of the pages of documentation, by path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	paths, _ := filepath.Glob("../docs/*.md")
	texts := map[string]string{}
	for _, path := range append(paths, "../README.md", "../CONTRIBUTING.md", "../SECURITY.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	return texts
}

var (
	// commandLine matches a command line in a code block or code span, up to what a shell would not pass on.
	commandLine = regexp.MustCompile("(?m)(?:^|[\\s`(])(?:\\./)?landfall((?: +(?:'[^']*'|\"[^\"]*\"|[^\\s`'\"|>&;#)]+)+)+)")
	argument    = regexp.MustCompile(`(?:'[^']*'|"[^"]*"|[^\s'"])+`)
	flagSpan    = regexp.MustCompile("`(--?[A-Za-z][A-Za-z0-9-]*)[^`]*`")
	variable    = regexp.MustCompile(`\bLANDFALL_[A-Z_0-9]*[A-Z0-9]`)
)

// Every command line in the documentation has commands, flags and arguments that the program accepts, and every flag and environment
// variable that a page names exists.
func TestDocumentedFlagsExist(t *testing.T) {
	root := model(t)
	names, shorts, variables := map[string]bool{}, map[string]bool{}, map[string]bool{}
	_ = kong.Visit(root, func(n kong.Visitable, next kong.Next) error {
		if f, is := n.(*kong.Flag); is {
			names["--"+f.Name], shorts["-"+string(f.Short)] = true, true
			for _, name := range f.Envs {
				variables[name] = true
			}
		}
		return next(nil)
	})
	foreign := map[string]bool{
		"-race": true, "-w": true, // of go test and tmux
		"LANDFALL_RUN_RTE": true,                                                 // the example of a mistake
		"LANDFALL_KAFKA":   true, "LANDFALL_SERVERS": true, "LANDFALL_URL": true, // of tests and of the CI jobs in the pages
	}
	lines, flags := 0, 0
	for path, text := range pages(t) {
		if strings.HasSuffix(path, "figures.md") { // figures were measured with earlier versions and other tools
			continue
		}
		for _, m := range commandLine.FindAllStringSubmatch(strings.ReplaceAll(text, "\\\n", " "), -1) {
			args := argument.FindAllString(m[1], -1)
			if args[0] == strings.ToUpper(args[0]) || strings.ContainsAny(m[1], "…$") { // COMMAND, and what scripts or readers fill in
				continue
			}
			if child(root, args[0]) == nil && args[0] != "help" && !strings.HasPrefix(args[0], "-") { // a sentence
				continue
			}
			lines++
			if _, err := arrange(root, args); err != nil && !strings.Contains(err.Error(), "missing argument") && !strings.Contains(err.Error(), "which command") {
				t.Errorf("%s: landfall%s: %v", path, m[1], err)
			}
		}
		for _, m := range flagSpan.FindAllStringSubmatch(text, -1) {
			flags++
			if name := m[1]; !names[name] && !shorts[name[:2]] && !foreign[name] && !strings.HasSuffix(name, "-") { // --kafka-… are several
				t.Errorf("%s: %s is no flag", path, name)
			}
		}
		for _, name := range variable.FindAllString(text, -1) {
			if !variables[name] && !foreign[name] {
				t.Errorf("%s: no flag has the variable %s", path, name)
			}
		}
	}
	if lines < 60 || flags < 150 {
		t.Errorf("only %d command lines and %d flags were found", lines, flags)
	}
}

// schema is a JSON Schema whose objects are in $defs.
type schema struct {
	Ref  string                    `json:"$ref"`
	Defs map[string]map[string]any `json:"$defs"`
}

// find returns a schema at a path such as thresholds[].abort; nil: there is none.
func (s *schema) find(path string) map[string]any {
	at := s.resolve(map[string]any{"$ref": s.Ref})
	for name := range strings.SplitSeq(strings.ReplaceAll(path, "[]", ""), ".") {
		properties, _ := at["properties"].(map[string]any)
		next, _ := properties[name].(map[string]any)
		if next == nil {
			return nil
		}
		at = s.resolve(next)
	}
	return at
}

// resolve follows references, and enters items of lists and the last alternative.
func (s *schema) resolve(at map[string]any) map[string]any {
	for {
		ref, _ := at["$ref"].(string)
		items, _ := at["items"].(map[string]any)
		choices, _ := at["anyOf"].([]any)
		switch {
		case ref != "":
			at = s.Defs[filepath.Base(ref)]
		case items != nil:
			at = items
		case len(choices) > 0 && at["properties"] == nil:
			at = choices[len(choices)-1].(map[string]any)
		default:
			return at
		}
	}
}

// rows returns the cells of the tables with a heading.
func rows(page, heading string) (rows [][]string) {
	for table := range strings.SplitSeq(page, "\n\n") {
		if !strings.HasPrefix(table, heading) {
			continue
		}
		for line := range strings.Lines(table) {
			rows = append(rows, strings.Split(strings.ReplaceAll(line, `\|`, "/"), "|"))
		}
	}
	return rows
}

var span = regexp.MustCompile("`([^` ]+)`")

// Every field that the reference of specs or of reports lists exists, and every field is listed.
func TestDocumentedFieldsExist(t *testing.T) {
	texts := pages(t)
	specs, err := specfile.Schema()
	if err != nil {
		t.Fatal(err)
	}
	reports, err := os.ReadFile("../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	inJSON := map[string]string{}
	for field := range reflect.TypeFor[loadgen.Spec]().Fields() {
		yaml, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		inJSON[yaml], _, _ = strings.Cut(field.Tag.Get("json"), ",")
	}
	for name, c := range map[string]struct {
		schema []byte
		rows   [][]string
		others string // text that documents further fields
	}{
		"spec.md":   {specs, rows(texts["../docs/spec.md"], "| YAML |"), texts["../docs/spec.md"] + texts["../docs/scenarios.md"]},
		"report.md": {reports, rows(texts["../docs/report.md"], "| field |"), ""},
	} {
		var s schema
		if err := json.Unmarshal(c.schema, &s); err != nil {
			t.Fatal(err)
		}
		listed := map[string]bool{}
		for _, row := range c.rows {
			for _, m := range span.FindAllStringSubmatch(row[1], -1) {
				listed[m[1]] = true
				if s.find(m[1]) == nil {
					t.Errorf("%s: there is no field %s", name, m[1])
				}
				want, given := inJSON[m[1]], strings.Trim(row[2], " `")
				if name == "spec.md" && want != "" && given != want && !(given == "same" && want == m[1]) {
					t.Errorf("%s: %s is %s in JSON, not %s", name, m[1], want, given)
				}
			}
		}
		if len(listed) < 40 {
			t.Errorf("%s: only %d fields are listed", name, len(listed))
		}
		for field := range s.resolve(map[string]any{"$ref": s.Ref})["properties"].(map[string]any) {
			if !listed[field] && !strings.Contains(c.others, "`"+field) && s.find(field)["properties"] == nil {
				t.Errorf("%s: the field %s is not listed", name, field)
			}
		}
	}
}
