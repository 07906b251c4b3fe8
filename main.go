// Command landfall is a distributed load tester driven from a terminal.
package main

import (
	"os"

	"landfall/cli"
)

// version is set by the linker.
var version = "dev"

func main() { os.Exit(cli.Main(version, os.Args[1:])) }
