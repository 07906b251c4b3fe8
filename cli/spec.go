package cli

import (
	"landfall/node/launch"
)

type specCmd struct {
	FromCurl launch.FromCurl `cmd:"" name:"from-curl" help:"From a curl command, such as browsers copy: as one argument, or on standard input."`
	FromHAR  launch.FromHAR  `cmd:"" name:"from-har" help:"From an HTTP archive that a browser has saved."`
}
