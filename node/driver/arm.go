package driver

import (
	"context"
	"fmt"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// armedMost bounds the configurations of one minute that are answered: each takes an engine's memory.
const armedMost = 32

// armed is a configuration that names this driver, and what it answered.
type armed struct {
	config *node.Config
	engine *loadgen.Engine // nil once it is used, or if the driver refused
	answer node.Answer
	at     time.Time
	used   bool
	// preparing: it has not been answered yet.
	preparing bool
}

// read handles one record of the topics that the driver follows.
func (d *Driver) read(ctx context.Context, r node.Record) {
	m, err := node.Decode(r)
	if err != nil {
		d.complaints.About(r, err, d.log)
		return
	}
	switch m := m.(type) {
	case *node.Register:
		if m.NodeID == d.config.NodeID && m.BootID == d.bootID {
			d.confirmed = true
		}
	case *node.Config:
		if slices.Contains(m.Drivers, d.config.NodeID) && d.clock.Broker(time.Now()).Sub(r.Appended) < recently {
			d.arm(ctx, m)
		}
	case *node.Trigger:
		d.obey(ctx, m, r.Appended)
	}
}

// arm answers a configuration. Names are resolved and the engine is made aside: neither may hold up the trigger topic.
func (d *Driver) arm(ctx context.Context, c *node.Config) {
	if d.armed[c.TestID] != nil || len(d.armed) >= armedMost {
		return
	}
	a := &armed{config: c, answer: node.Answer{TestID: c.TestID}, at: time.Now(), preparing: true}
	d.armed[c.TestID] = a
	if d.draining {
		a.preparing, a.answer.Refuse = false, "it is ending"
		d.changed()
		return
	}
	go func() {
		engine, err := d.prepare(ctx, c)
		d.call(ctx, func() {
			if err != nil {
				a.answer.Refuse = node.Clean(err.Error(), 240)
			}
			a.engine, a.preparing = engine, false
			d.log.Info("answered a configuration", "run", c.TestID, "by", c.By, "refused", a.answer.Refuse)
			d.changed()
			if h := d.held; h != nil && h.trigger.TestID == c.TestID {
				d.held = nil
				d.start(ctx, h.trigger, h.appended)
			}
		})
	}()
}

func (d *Driver) prepare(ctx context.Context, c *node.Config) (*loadgen.Engine, error) {
	if err := d.limits.Check(ctx, c.Spec, len(c.Drivers)); err != nil {
		return nil, err
	}
	return d.engine(c)
}

func (d *Driver) engine(c *node.Config) (*loadgen.Engine, error) {
	engine, err := loadgen.New(c.Spec, loadgen.Options{
		NodeID: d.config.NodeID, Version: d.config.Version, Allow: d.limits.Dial, Threads: d.config.Threads, Portable: d.config.Portable, Bind: d.config.Bind,
		DriverIndex: slices.Index(c.Drivers, d.config.NodeID), Drivers: len(c.Drivers), Log: d.log,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	return engine, nil
}

// refuse answers a start that the driver will not obey.
func (d *Driver) refuse(t *node.Trigger, why string) {
	a := d.armed[t.TestID]
	if a == nil {
		a = &armed{at: time.Now()}
		d.armed[t.TestID] = a
	}
	a.engine, a.used, a.preparing = nil, true, false
	a.answer = node.Answer{TestID: t.TestID, Refuse: why}
	d.log.Warn("refused to start", "run", t.TestID, "by", t.By, "why", why)
	d.changed()
}
