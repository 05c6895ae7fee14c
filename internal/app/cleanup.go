package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// cleanups is a stack of named things to undo, last in first out.
type cleanups struct {
	mu    sync.Mutex
	stack []cleanup
}

type cleanup struct {
	name string
	undo func(context.Context) error
}

func (c *cleanups) add(name string, undo func(context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stack = append(c.stack, cleanup{name, undo})
}

// run undoes everything once, whatever fails.
func (c *cleanups) run(ctx context.Context) error {
	c.mu.Lock()
	stack := c.stack
	c.stack = nil
	c.mu.Unlock()
	var failed []error
	for _, c := range slices.Backward(stack) {
		if err := c.undo(ctx); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return errors.Join(failed...)
}
