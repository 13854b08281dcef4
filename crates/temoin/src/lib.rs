//! The office's command line: parse, call one function of the desk, print.
//!
//! BEING WRITTEN BY THE LEAD (whoever builds the desk: go on with crates/desk/src/web, the local pages;
//! export `desk::web::serve(desk, listener, …)`; this file will call it).
