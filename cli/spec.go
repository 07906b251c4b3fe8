package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"landfall/cli/exit"
	"landfall/loadgen"
	"landfall/loadgen/importer"
	"landfall/loadgen/importer/openapi"
	"landfall/loadgen/specfile"
	"landfall/node"
)

type specCmd struct {
	Check       specCheckCmd   `cmd:"" help:"Check a spec file and print what would be sent."`
	Schema      specSchemaCmd  `cmd:"" help:"Print the JSON Schema of spec files, for editors."`
	JSON        specJSONCmd    `cmd:"" name:"json" help:"Print a spec file as the JSON body of POST /api/v1/runs."`
	FromCurl    fromCurlCmd    `cmd:"" name:"from-curl" help:"Convert a curl command, such as browsers copy; one argument or standard input."`
	FromHAR     fromHARCmd     `cmd:"" name:"from-har" help:"Convert an HTTP archive (HAR) saved by a browser."`
	FromVegeta  fromVegetaCmd  `cmd:"" name:"from-vegeta" help:"Convert a vegeta targets file (http or json format)."`
	FromPostman fromPostmanCmd `cmd:"" name:"from-postman" help:"Convert a Postman collection."`
	FromOpenAPI fromOpenAPICmd `cmd:"" name:"from-openapi" help:"Convert an OpenAPI 3 or Swagger 2.0 document (JSON or YAML) to a scenario."`
}

// specSchemaCmd prints the JSON Schema of spec files.
type specSchemaCmd struct{}

// Run writes the schema to standard output.
func (*specSchemaCmd) Run() error {
	text, err := specfile.Schema()
	if err == nil {
		_, err = os.Stdout.Write(text)
	}
	return err
}

// fromCurlCmd converts a curl command to a spec file.
type fromCurlCmd struct {
	Command string `arg:"" optional:"" help:"The command, in quotes (default: standard input)."`
}

// Run prints the spec.
func (c *fromCurlCmd) Run() error {
	if c.Command == "" {
		text, err := io.ReadAll(io.LimitReader(os.Stdin, 8<<20))
		if err != nil {
			return err
		}
		c.Command = string(text)
	}
	return writeSpec(importer.FromCurl(c.Command, printNote))
}

// fromHARCmd converts an HTTP archive to a spec file.
type fromHARCmd struct {
	File     string `arg:"" help:"HAR file, or a ZIP file that Playwright wrote; - for standard input. Bodies in files of their own are read beside it."`
	Scenario bool   `help:"Make a scenario: steps with think time, and extraction of response values that later requests send."`
	Assets   bool   `help:"With --scenario: include images, styles, scripts and fonts."`
	Host     string `placeholder:"HOST|ORIGIN" help:"Import the requests to this host, host:port or origin such as https://HOST (default: those of the first request, or where it was redirected to)."`
}

// Run prints the spec.
func (c *fromHARCmd) Run() error {
	data, err := readInput(c.File, 256<<20)
	if err != nil {
		return err
	}
	beside := os.DirFS(filepath.Dir(c.File)) // for "-", the working directory
	if c.Scenario {
		spec, err := importer.ScenarioFromHAR(data, beside, c.Host, c.Assets, printNote)
		return from(c.File, spec, err)
	}
	spec, err := importer.FromHAR(data, beside, c.Host, printNote)
	return from(c.File, spec, err)
}

// fromVegetaCmd converts a targets file of vegeta to a spec file.
type fromVegetaCmd struct {
	File string `arg:"" help:"Targets file; - for standard input. Paths of body files are relative to the working directory."`
}

// Run prints the spec.
func (c *fromVegetaCmd) Run() error {
	data, err := readInput(c.File, 64<<20)
	if err != nil {
		return err
	}
	spec, err := importer.FromVegeta(data, printNote)
	return from(c.File, spec, err)
}

// fromPostmanCmd converts a Postman collection to a spec file.
type fromPostmanCmd struct {
	File     string   `arg:"" help:"Collection (v2.0 or v2.1); - for standard input. Paths in it are relative to the working directory."`
	Variable []string `short:"e" sep:"none" placeholder:"NAME=VALUE" help:"Value of a variable, for instance of a Postman environment; repeatable."`
}

// Run prints the spec.
func (c *fromPostmanCmd) Run() error {
	variables := map[string]string{}
	for _, text := range c.Variable {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return &exit.UsageError{Err: fmt.Errorf("-e %q: must be like NAME=VALUE", text)}
		}
		variables[name] = value
	}
	data, err := readInput(c.File, 256<<20)
	if err != nil {
		return err
	}
	spec, err := importer.FromPostman(data, variables, printNote)
	return from(c.File, spec, err)
}

// fromOpenAPICmd converts an OpenAPI document to a spec file.
type fromOpenAPICmd struct {
	File   string   `arg:"" help:"Document in JSON or YAML; - for standard input."`
	Target string   `placeholder:"URL" help:"Server that is sent to (default: the document's first one)."`
	Tag    []string `sep:"none" placeholder:"NAME" help:"Take only operations with this tag; repeatable."`
}

// Run writes the spec to standard output.
func (c *fromOpenAPICmd) Run() error {
	data, err := readInput(c.File, 256<<20)
	if err != nil {
		return err
	}
	spec, err := openapi.Import(data, c.Target, c.Tag, printNote)
	return from(c.File, spec, err)
}

// printNote prints a note about a part of the input that the spec cannot express.
func printNote(note string) { fmt.Fprintln(os.Stderr, "note:", node.Clean(note, 400)) }

// from writes the spec that a file was converted to, or names the file in the error.
func from(name string, spec loadgen.Spec, err error) error {
	return writeSpec(spec, inFile(name, err))
}

func writeSpec(spec loadgen.Spec, err error) error {
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	text, err := specfile.Marshal(spec)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}
