//! The command line: arguments become one validated action before anything starts.
