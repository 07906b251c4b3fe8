package cli

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows lists the packages of this module that each package may import, except in tests. An entry "x/…"
// means x and everything below it. Imports go one way: main → cli → tui, gateway, remote, kafkabus →
// orchestrator, driver, report, fleet, policy → node → loadgen/… → loadgen. A package without an entry fails
// the test.
var arrows = map[string]string{
	"":    "cli",
	"cli": "cli/… kafkabus/embedded loadgen/… node/… tui",

	"cli/connect":   "cli/exit kafkabus kafkabus/embedded loadgen/field node node/secretfile node/sign node/sign/sshagent",
	"cli/demo":      "loadgen node node/sign",
	"cli/e2e":       "",
	"cli/environ":   "loadgen/field loadgen/yamltree",
	"cli/exit":      "node/report",
	"cli/local":     "loadgen node/driver node/membus node/orchestrator",
	"cli/process":   "",
	"cli/progress":  "loadgen loadgen/condition node node/figures node/fleet node/report",
	"cli/specflags": "cli/environ cli/exit loadgen loadgen/field loadgen/script loadgen/specfile loadgen/importer loadgen/template loadgen/yamltree node node/orchestrator",
	"cli/trial":     "loadgen loadgen/engine loadgen/evidence",
	"cli/sshfleet":  "cli/connect cli/environ cli/exit cli/process node node/sign node/remote/…",

	"tui":                     "loadgen/… node node/capacity node/figures node/findings node/fleet node/orchestrator node/report/… node/remote/hosts tui/…",
	"tui/style":               "node",
	"tui/chart":               "node/figures node/fleet tui/style",
	"tui/sample":              "loadgen loadgen/condition node node/capacity node/figures node/fleet node/report tui/chart tui/style",
	"tui/panel":               "loadgen loadgen/hdr node node/capacity node/figures node/findings node/fleet node/report node/report/render tui/chart tui/sample tui/style",
	"tui/input":               "tui/style",
	"tui/form":                "loadgen loadgen/… node node/figures node/orchestrator tui/chart tui/input tui/sample tui/style",
	"tui/files":               "loadgen loadgen/specfile",
	"tui/help":                "tui/keys tui/style",
	"tui/keys":                "loadgen/field",
	"tui/terminal":            "",
	"tui/screenshots":         "",
	"tui/tuitest":             "loadgen loadgen/hdr node node/fleet node/orchestrator node/report",
	"node/gateway":            "node/gateway/… loadgen/… node node/figures node/fleet node/orchestrator node/report/… node/secretfile node/sign node/findings",
	"node/remote":             "node node/filelock node/remote/hosts",
	"node/remote/agent":       "node node/filelock node/remote/hosts node/remote/daemon",
	"node/remote/daemon":      "node/filelock",
	"node/remote/hosts":       "loadgen/field loadgen/yamltree node node/figures",
	"kafkabus":                "node",
	"kafkabus/…":              "kafkabus/… loadgen loadgen/hdr node node/filelock node/fleet",
	"node/driver":             "loadgen loadgen/engine loadgen/script node node/policy node/sign",
	"node/membus":             "node",
	"node/capacity":           "loadgen loadgen/condition loadgen/hdr node/figures node/fleet",
	"node/policy":             "loadgen loadgen/script",
	"node/fleet":              "loadgen loadgen/condition loadgen/hdr node loadgen/evidence",
	"node/gateway/exposition": "",
	"node/gateway/access":     "node node/orchestrator",
	"node/gateway/access/…":   "",
	"node/gateway/page":       "",
	"node/figures":            "",
	"node/filelock":           "",
	"node/secretfile":         "",
	"node/sign":               "loadgen node node/policy node/secretfile node/sign/sshagent",
	"node/sign/sshagent":      "",
	"node/sign/…":             "loadgen node node/driver node/fleet node/orchestrator node/membus node/report node/sign",
	"node/orchestrator":       "loadgen loadgen/condition loadgen/field loadgen/script node node/capacity node/figures node/fleet node/policy node/report node/sign",
	"node/report":             "loadgen loadgen/condition loadgen/field loadgen/hdr node node/figures node/fleet node/capacity node/findings node/report/baseline loadgen/evidence",
	"node/report/…":           "loadgen loadgen/condition loadgen/hdr node node/figures node/fleet node/report node/report/… node/capacity node/findings loadgen/evidence",
	"node/findings":           "loadgen loadgen/hdr node/figures",
	"node":                    "loadgen loadgen/evidence",

	"node/report/baseline": "loadgen/hdr",

	"loadgen/bench":            "",
	"loadgen/target":           "loadgen/target/…",
	"loadgen/target/…":         "loadgen/target/…",
	"loadgen/engine":           "loadgen loadgen/condition loadgen/cookie loadgen/cpu loadgen/decompress loadgen/endpoint loadgen/expr loadgen/extract loadgen/field loadgen/hdr loadgen/http1 loadgen/http2 loadgen/pace loadgen/script loadgen/template loadgen/evidence",
	"loadgen/engine/…":         "",
	"loadgen/importer":         "loadgen loadgen/importer/draft loadgen/field loadgen/script loadgen/specfile loadgen/template",
	"loadgen/importer/draft":   "loadgen loadgen/field loadgen/script",
	"loadgen/importer/openapi": "loadgen loadgen/field loadgen/importer/draft loadgen/specfile loadgen/template",
	"loadgen/script":           "loadgen loadgen/cookie loadgen/expr loadgen/extract loadgen/field loadgen/http2 loadgen/template",
	"loadgen/specfile":         "loadgen loadgen/field loadgen/template loadgen/yamltree",
	"loadgen/template":         "loadgen/field",
	"loadgen":                  "loadgen/condition loadgen/evidence loadgen/field loadgen/hdr",
	"loadgen/condition":        "",
	"loadgen/cookie":           "",
	"loadgen/cpu":              "",
	"loadgen/decompress":       "loadgen/extract",
	"loadgen/endpoint":         "loadgen loadgen/field",
	"loadgen/evidence":         "",
	"loadgen/expr":             "",
	"loadgen/extract":          "",
	"loadgen/field":            "",
	"loadgen/hdr":              "",
	"loadgen/http1":            "",
	"loadgen/http2":            "",
	"loadgen/pace":             "loadgen",
	"loadgen/yamltree":         "loadgen/field",
}

// No package imports one of a higher layer.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "landfall/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		name := inModule(words[0])
		allowed, known := room(name)
		if !known {
			t.Errorf("%s: missing in the table of arrows", name)
		}
		for _, imported := range words[1:] {
			if !strings.HasPrefix(imported, "landfall/") {
				continue
			}
			if to := inModule(imported); !slices.ContainsFunc(allowed, func(pattern string) bool { return matches(to, pattern) }) {
				t.Errorf("%s imports %s: the table of arrows does not allow it", name, to)
			}
		}
	}
}

// outside lists the only packages that may import a library.
var outside = map[string]string{
	"github.com/charmbracelet/": "tui tui/…",
	"github.com/segmentio/":     "kafkabus kafkabus/…",
	"github.com/twmb/":          "kafkabus kafkabus/…",
}

// Terminal and Kafka libraries are imported by the packages of one folder only.
func TestLibrariesHaveOneImporter(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "landfall/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		for _, imported := range words[1:] {
			for library, rooms := range outside {
				allowed := func(pattern string) bool { return matches(inModule(words[0]), pattern) }
				if strings.HasPrefix(imported, library) && !slices.ContainsFunc(strings.Fields(rooms), allowed) {
					t.Errorf("%s imports %s, which only %s may", words[0], imported, rooms)
				}
			}
		}
	}
}

// inModule returns a package's path within the module.
func inModule(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, "landfall"), "/")
}

// room returns what a package may import, by its own entry or that of a folder above it.
func room(name string) (allowed []string, known bool) {
	if list, ok := arrows[name]; ok {
		return strings.Fields(list), true
	}
	for pattern, list := range arrows {
		if strings.HasSuffix(pattern, "/…") && matches(name, pattern) {
			return strings.Fields(list), true
		}
	}
	return nil, false
}

func matches(name, pattern string) bool {
	folder, below := strings.CutSuffix(pattern, "/…")
	return name == folder || below && strings.HasPrefix(name, folder+"/")
}

// The table itself allows no cycle.
func TestArrowsHaveNoCycle(t *testing.T) {
	var visit func(name string, path []string)
	visit = func(name string, path []string) {
		if slices.Contains(path, name) {
			t.Fatalf("the table allows a cycle: %s", strings.Join(append(path, name), " → "))
		}
		allowed, _ := room(name)
		for _, to := range allowed {
			if !strings.HasSuffix(to, "/…") {
				visit(to, append(path, name))
			}
		}
	}
	for name := range arrows {
		if !strings.HasSuffix(name, "/…") {
			visit(name, nil)
		}
	}
}
