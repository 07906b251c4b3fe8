package cli

import (
	"landfall/kafkabus/join"
	"landfall/node/home"
	"landfall/node/launch"
	"landfall/node/orchestrator"
)

type healthCmd struct {
	Kafka join.Flags `embed:"" group:"Kafka"`
	URL   string     `arg:"" optional:"" help:"URL that must answer with 2xx."`
}

func (c *healthCmd) Run(a *app) error {
	if c.URL != "" {
		return launch.Answers(interrupted(), c.URL)
	}
	return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
		return launch.Alive(o, home.Host())
	})
}
