package cli

import (
	"landfall/cli/connect"
	"landfall/cli/environ"
	"landfall/node/orchestrator"
)

type healthCmd struct {
	Kafka connect.Flags `embed:"" group:"Kafka"`
	URL   string        `arg:"" optional:"" help:"URL that must answer with 2xx."`
}

func (c *healthCmd) Run(a *app) error {
	if c.URL != "" {
		return Answers(interrupted(), c.URL)
	}
	return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
		return Alive(o, environ.Host())
	})
}
