// Package rig is the ground both simulated peers of the sandbox stand on: a clock that can be moved, a store that
// survives a restart, a queue of things due later, and faults and counters around a handler.
//
// It imports nothing but the standard library and knows nothing of Zendesk, WhatsApp or Ponte.
package rig
