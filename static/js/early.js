// Runs before the page is painted, so that a narrowed navigation does not jump.
if (localStorage.getItem("nav") === "narrow") document.documentElement.classList.add("nav-narrow");
