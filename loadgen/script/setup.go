package script

import (
	"maps"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

// OneShot returns a spec in which one user runs steps once: the setup or teardown of spec.
func OneShot(spec loadgen.Spec, name string, steps []loadgen.Step) loadgen.Spec {
	spec.Scenarios = []loadgen.Scenario{{Name: name, Steps: steps}}
	spec.Kind, spec.Users, spec.Count, spec.CountPerDriver, spec.Pace = loadgen.Avalanche, 1, 1, 0, 0
	spec.RateRPS, spec.Delay, spec.Stages, spec.Duration, spec.Arrivals, spec.Connections = 0, 0, nil, 0, "", 0
	spec.Setup, spec.Teardown, spec.Thresholds, spec.Warmup, spec.SharedConnections = nil, nil, nil, 0, false
	spec.CSV, spec.CSVSplit, spec.Data = "", false, nil
	return spec.WithDefaults()
}

// setup gives every user the variables that the setup steps set, with the values of this driver. It compiles setup and teardown only to
// report their errors: they run as specs of their own ([OneShot]).
func (c *flow) setup() error {
	o := c.o
	o.Setup = maps.Clone(o.Setup)
	if o.Setup == nil {
		o.Setup = map[string]string{}
	}
	for _, list := range []struct {
		name  string
		steps []loadgen.Step
	}{{"setup", c.spec.Setup}, {"teardown", c.spec.Teardown}} {
		if len(list.steps) == 0 {
			continue
		}
		setupSpec := OneShot(*c.spec, list.name, list.steps)
		p, err := compileFlow(&setupSpec, o, nil, func(int) string { return list.name })
		if err != nil {
			return err
		}
		if list.name == "setup" {
			for name := range p.Values(nil) {
				if _, set := o.Setup[name]; !set {
					o.Setup[name] = ""
				}
			}
		}
	}
	for _, name := range sortedKeys(o.Setup) {
		c.program.initial = append(c.program.initial, initial{c.slot(name), template.Fixed(o.Setup[name])})
	}
	return nil
}

// Values returns the variables that steps set, by name. With nil, all values are empty.
func (p *Program) Values(variables []string) map[string]string {
	values := map[string]string{}
	for name, slot := range p.extracted {
		values[name] = ""
		if slot < len(variables) {
			values[name] = variables[slot]
		}
	}
	return values
}
