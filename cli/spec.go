package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"landfall/cli/exit"
	"landfall/loadgen"
	"landfall/loadgen/importer"
	"landfall/loadgen/specfile"
	"landfall/node"
)

type specCmd struct {
	Check       specCheckCmd   `cmd:"" help:"Check a spec file and print what would be sent."`
	FromCurl    fromCurlCmd    `cmd:"" name:"from-curl" help:"From a curl command, such as browsers copy: as one argument, or on standard input."`
	FromHAR     fromHARCmd     `cmd:"" name:"from-har" help:"From an HTTP archive that a browser has saved."`
	FromVegeta  fromVegetaCmd  `cmd:"" name:"from-vegeta" help:"From a targets file of vegeta, in its http or json format."`
	FromPostman fromPostmanCmd `cmd:"" name:"from-postman" help:"From a Postman collection."`
}

// fromCurlCmd makes a spec file of a curl command.
type fromCurlCmd struct {
	Command string `arg:"" optional:"" help:"The command, in quotes (standard input)."`
}

// Run writes the spec to standard output.
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

// fromHARCmd makes a spec file of an HTTP archive.
type fromHARCmd struct {
	File     *os.File `arg:"" help:"The archive; - for standard input."`
	Scenario bool     `help:"Make a scenario: steps with think time; values of responses that later requests send are extracted."`
	Assets   bool     `help:"With --scenario: images, styles, scripts and fonts too."`
	Host     string   `placeholder:"HOST|ORIGIN" help:"Import the requests to this host, host:port or origin such as https://HOST (default: those of the first request, or where it was redirected to)."`
}

// Run writes the spec to standard output.
func (c *fromHARCmd) Run() error {
	data, err := io.ReadAll(io.LimitReader(c.File, 256<<20))
	if err != nil {
		return err
	}
	if c.Scenario {
		return writeSpec(importer.ScenarioFromHAR(data, c.Host, c.Assets, printNote))
	}
	return writeSpec(importer.FromHAR(data, c.Host, printNote))
}

// fromVegetaCmd makes a spec file of a targets file of vegeta.
type fromVegetaCmd struct {
	File *os.File `arg:"" help:"The targets; - for standard input. Body files are relative to the working folder."`
}

// Run writes the spec to standard output.
func (c *fromVegetaCmd) Run() error {
	data, err := io.ReadAll(io.LimitReader(c.File, 64<<20))
	if err != nil {
		return err
	}
	return writeSpec(importer.FromVegeta(data, printNote))
}

// fromPostmanCmd makes a spec file of a Postman collection.
type fromPostmanCmd struct {
	File     *os.File `arg:"" help:"The collection (v2.0 or v2.1); - for standard input. Files that it names are relative to the working folder."`
	Variable []string `short:"e" sep:"none" placeholder:"NAME=VALUE" help:"Value of a variable, such as those of an environment; repeatable."`
}

// Run writes the spec to standard output.
func (c *fromPostmanCmd) Run() error {
	variables := map[string]string{}
	for _, text := range c.Variable {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return &exit.UsageError{Err: fmt.Errorf("-e %q: must be like NAME=VALUE", text)}
		}
		variables[name] = value
	}
	data, err := io.ReadAll(io.LimitReader(c.File, 256<<20))
	if err != nil {
		return err
	}
	return writeSpec(importer.FromPostman(data, variables, printNote))
}

// printNote writes to standard error what of an input its spec does not hold.
func printNote(note string) { fmt.Fprintln(os.Stderr, "note:", node.Clean(note, 400)) }

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
