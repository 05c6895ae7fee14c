// Package live hands what changes to the pages that are connected to one instance.
//
// A Hub reads the installation's changes for all of its pages: one poller, which runs only while there are any, asks every 150 ms and at
// once when this instance has committed something, and hands every page what changed. A page is a Feed. It begins at a cursor: it gets what
// changed since then in a batch of its own, then what changes for everybody.
//
// The poller does one thing after the other, so that nothing is missed and nothing older follows: a page's first batch is read after the
// poller's own position, and all that is read for everybody comes later than that. The position moves on only when everything of a round
// was read, so that a store that can't be reached costs time and nothing else.
//
// What a page may see of a change is its own business. For that a change tells where the thread stood before, as far as it is known: the
// poller remembers it of all that goes on and of what ended lately. So a page can be told that something it saw is gone, and needs not be
// told of anything that it never saw. One thing is let pass: a thread that comes into an agent's sight and leaves it again between two looks,
// while the agent's list is being read just then, stays in that list until it is read again. Nothing of it can be opened.
package live
