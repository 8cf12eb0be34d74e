import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { TagDot, tagHref } from "../ui/badges.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { listLinks, otherLinks } from "../ui/places.ts";

/** `GET /more`: every place of the product on a page, for windows without a sidebar. */
export async function showMore(visit: Visit): Promise<Response> {
  const counts = await visit.counts();
  const links = [...listLinks(counts), ...otherLinks];
  return show(visit, {
    title: "More",
    place: "more",
    main: (
      <div class="column">
        <header class="page-head">
          <h1>More</h1>
        </header>
        <ul class="places">
          {links.map(({ href, label, icon, count, late }) => (
            <li>
              <a class="place-link" href={href}>
                <Icon name={icon} />
                <span safe>{label}</span>
                {late ? <span class="nav-late">{late} overdue</span> : null}
                {count ? <span class="nav-count">{count}</span> : null}
              </a>
            </li>
          ))}
          {counts.tags.map(({ name, color, open }) => (
            <li>
              <a class="place-link" href={tagHref(name)}>
                <TagDot color={color} />
                <span class="nav-label" dir="auto" safe>
                  {name}
                </span>
                <span class="nav-count">{open}</span>
              </a>
            </li>
          ))}
        </ul>
        <form method="post" action="/sign-out">
          <button type="submit" class="button">
            <Icon name="leave" />
            Sign out
          </button>
        </form>
      </div>
    ),
  });
}
