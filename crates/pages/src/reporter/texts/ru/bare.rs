//! Russian: what the script says that brings cryptography to a browser without any.

use super::super::Bare;

pub(super) const BARE: Bare = Bare {
    pure_warning: "Этот адрес не защищён. Тот, кто находится на линии между этим устройством и сервером, может подменить эту страницу и прочесть то, что вы пишете, а вы этого не увидите. Лучше: адрес, который начинается с https, Tor Browser или набор офиса ниже. Если ничего этого нет, а сети вы доверяете, можно продолжить здесь.",
    pure_go_on: "Всё равно продолжить здесь",
};
