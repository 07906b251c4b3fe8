package specfile

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var updateDescriptions = flag.Bool("update-descriptions", false, "write descriptions.txt")

// descriptions.txt holds the doc comments of the types. Run go generate to update it.
func TestDescriptionsAreCurrent(t *testing.T) {
	text := commented(t, "..")
	if *updateDescriptions {
		if err := os.WriteFile("descriptions.txt", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != descriptionText {
		t.Error("descriptions.txt is out of date: run go generate ./loadgen/specfile")
	}
}

// commented lists the doc comments of a package's structs and of their fields by their YAML names.
func commented(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var lines []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok || len(g.Specs) != 1 {
				continue
			}
			spec, ok := g.Specs[0].(*ast.TypeSpec)
			if !ok {
				continue
			}
			if s, ok := spec.Type.(*ast.StructType); ok && strings.Contains(fieldTags(s), `yaml:"`) {
				lines = append(append(lines, spec.Name.Name+"\t"+sentence(g.Doc)), fieldLines(spec.Name.Name, s)...)
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

func fieldTags(s *ast.StructType) (all string) {
	for _, f := range s.Fields.List {
		if f.Tag != nil {
			all += f.Tag.Value
		}
	}
	return all
}

func fieldLines(of string, s *ast.StructType) (lines []string) {
	for _, f := range s.Fields.List {
		if f.Tag == nil || len(f.Names) != 1 {
			continue
		}
		name, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("yaml"), ",")
		text := strings.TrimSpace(sentence(f.Doc) + " " + sentence(f.Comment))
		if name != "" && name != "-" && text != "" {
			lines = append(lines, fmt.Sprintf("%s.%s\t%s", of, name, text))
		}
	}
	return lines
}

// docLink matches a doc link such as [Spec.Share].
var docLink = regexp.MustCompile(`\[\*?([A-Z][A-Za-z.]*|[a-z]+\.[A-Z][A-Za-z.]*)\]`)

// sentence returns a comment as one line that starts with a capital letter and ends with a full stop, without the brackets of doc links.
func sentence(c *ast.CommentGroup) string {
	text := strings.Join(strings.Fields(docLink.ReplaceAllString(c.Text(), "$1")), " ")
	if text == "" {
		return ""
	}
	if text = strings.ToUpper(text[:1]) + text[1:]; !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// The schema has the doc comments as descriptions, which editors show.
func TestSchemaDescribesFields(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Defs map[string]struct {
			Description string
			Properties  map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ of, field, says string }{
		{"Spec", "timeout", "10s"}, {"Step", "think", "uniform"}, {"Scenario", "start", "at which the load starts"}, {"Spec", "proxy", "http://[user:password@]host:port"}, {"Dataset", "pick", "see picks"}, {"Extract", "pick", "first (default)"}, {"Spec", "kind", ""},
	} {
		if got := doc.Defs[c.of].Properties[c.field].Description; !strings.Contains(strings.ToLower(got), c.says) {
			t.Errorf("%s.%s: %q", c.of, c.field, got)
		}
	}
	if !strings.HasPrefix(doc.Defs["Check"].Description, "Check is a named condition") {
		t.Errorf("%q", doc.Defs["Check"].Description)
	}
}
